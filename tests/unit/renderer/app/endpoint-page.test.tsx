import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { createConfig, defaultServer, type EndpointConfig } from '#shared/endpoint/endpoint-config.ts';
import { recordedSession } from '#support/recorded-session.ts';
import { renderPart, show } from '#support/render.tsx';
import { EndpointPage } from '../../../../src/renderer/app/pages.tsx';
import { formOf } from '../../../../src/renderer/state/endpoint-form.ts';
import { useTabs } from '../../../../src/renderer/state/services.ts';
import { setLayout } from '../../../../src/renderer/state/settings.ts';
import { type EndpointTab, endpointTab } from '../../../../src/renderer/state/tabs.ts';
import { endpointView, fakeHost, sessionView } from '../fake-services.ts';

function ActivePage() {
  const tab = useTabs(({ tabs }) => tabs[0]);
  return tab?.kind === 'endpoint' ? <EndpointPage tab={tab} /> : null;
}

/** The page of a server, without the composer. */
function endpointPage(config: EndpointConfig, tab: Partial<EndpointTab> = {}, sessions = [sessionView('s1')]) {
  const { services } = fakeHost(recordedSession({ rows: [] }).answers);
  show(services, { endpoints: [endpointView('e1', { config })], sessions });
  setLayout(services.settings, 'composer.open', false);
  const own = { ...endpointTab(formOf(config), 'e1'), ...tab };
  services.tabs.setState({ tabs: [own], active: own.id });
  return { services, user: renderPart(services, <ActivePage />) };
}

const raw = /row is one (read|recv)/;

test('without framing the page of an endpoint says what its rows are', () => {
  endpointPage({ ...defaultServer, framing: { kind: 'raw' } });
  screen.getByText(raw);
});

test('datagrams are messages without framing', () => {
  endpointPage(createConfig('server', 'udp', { framing: { kind: 'raw' } }));
  expect(screen.queryByText(raw)).toBeNull();
});

test('the guide stays until it is dismissed', async () => {
  const { user } = endpointPage(defaultServer, { guide: 'Connect with telnet.' });
  screen.getByText('Connect with telnet.');
  await user.click(screen.getByRole('button', { name: 'Dismiss the guide' }));
  expect(screen.queryByRole('complementary', { name: 'Guide' })).toBeNull();
});

test('an endpoint has no records where nothing is recorded', () => {
  endpointPage(defaultServer, {}, []);
  expect(screen.queryByRole('region', { name: 'Records' })).toBeNull();
});

test('the composer is hidden where the layout says so', () => {
  endpointPage(defaultServer);
  expect(screen.queryByRole('separator', { name: 'Height of the composer' })).toBeNull();
});
