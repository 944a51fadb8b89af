// @vitest-environment happy-dom
import '#support/dom-stand-ins.ts';
import { act, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { defaultServer, type EndpointConfig } from '#shared/contract/endpoint-config.ts';
import { fail, ok } from '#shared/contract/failure.ts';
import { recordedSession } from '#support/recorded-session.ts';
import { renderPart, show } from '#support/render.tsx';
import { renderTraffic } from '#support/render-traffic.tsx';
import { EndpointPage } from '../../../../src/renderer/app/endpoint-page.tsx';
import { SessionPage } from '../../../../src/renderer/app/session-page.tsx';
import { formOf } from '../../../../src/renderer/client/endpoint-form.ts';
import { changeFilter } from '../../../../src/renderer/client/filters-store.ts';
import { setLayout } from '../../../../src/renderer/client/settings-store.ts';
import { showStatistics } from '../../../../src/renderer/client/statistics-store.ts';
import { type EndpointTab, endpointTab } from '../../../../src/renderer/client/tabs-store.ts';
import { useTabs } from '../../../../src/renderer/client/use-services.ts';
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
  endpointPage({ ...defaultServer, transport: 'udp', framing: { kind: 'raw' } });
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

function sessionPage(sessions = [sessionView('s1', { name: 'morning', state: 'read-only' })]) {
  const { services } = fakeHost(recordedSession({ rows: [] }).answers);
  show(services, { sessions });
  renderPart(services, <SessionPage tab={{ kind: 'session', id: 'tab', session: 's1' }} />);
}

test('an opened session is said to be read-only, and has its records', () => {
  sessionPage();
  expect(screen.getByText(/opened read-only/).textContent).toMatch(/^morning, opened read-only/);
  screen.getByRole('region', { name: 'Records' });
});

test('what is wrong with an opened session is reported over its records', () => {
  const { error } = fail('file', 'The file is damaged');
  sessionPage([sessionView('s1', { state: 'read-only', error })]);
  screen.getByText('The file is damaged');
});

test('a session that was closed says so', () => {
  sessionPage([]);
  screen.getByText('This session is closed');
});

test.each([
  [undefined, '', false, 'of all records'],
  ['e1', '', false, 'of this endpoint’s records'],
  ['e1', '', true, 'of all records'],
  ['e1', 'in', false, 'of this endpoint’s records that match in'],
  [undefined, 'in', false, 'of the records that match in'],
])('the statistics for endpoint %s, filter %j, all %s are %s', (endpoint, text, all, scope) => {
  const { services } = renderTraffic({
    rows: [],
    ...(endpoint === undefined ? {} : { endpoint }),
    answers: { 'sessions.statistics': () => new Promise(() => {}), 'tasks.cancel': () => ok({}) },
  });
  act(() => {
    changeFilter(services.filters, 'tab', { text, all });
    showStatistics(services.statistics, 'tab', true);
  });
  screen.getByText(scope);
});
