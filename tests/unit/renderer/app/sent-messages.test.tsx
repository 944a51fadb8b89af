import { act, screen, waitFor } from '@testing-library/react';
import { beforeAll, expect, test } from 'vitest';
import { ok } from '#shared/failure.ts';
import { recordedSession, socketInfo } from '#support/recorded-session.ts';
import { renderPart, show } from '#support/render.tsx';
import { actionById } from '../../../../src/renderer/actions/actions.ts';
import { Dialogs, loadParts } from '../../../../src/renderer/app/lazy-parts.tsx';
import { ComposerFoot } from '../../../../src/renderer/features/composer/composer-foot.tsx';
import { runAction } from '../../../../src/renderer/state/action.ts';
import { showEndpoint } from '../../../../src/renderer/state/endpoint-commands.ts';
import { showSession } from '../../../../src/renderer/state/sessions.ts';
import { activeTab } from '../../../../src/renderer/state/tabs.ts';
import { endpointView, fakeHost, sessionView, socketView } from '../fake-services.ts';

beforeAll(loadParts);

const { answers } = recordedSession({
  rows: [
    { kind: 'out', preview: 'hello\n', tail: 1 },
    { kind: 'out', preview: 'again' },
  ],
  sockets: [socketInfo({ endpoint: 'e1', framing: 'line' })],
  filters: { out: () => true, 'endpoint.id == "e1" && out': () => true },
});

const unchecked = { list: [], isChecked: false, isPython: false };

/** The page of a server with a peer, whose session has two sent messages; and a stored session with the same ones. */
function page() {
  const host = fakeHost({
    ...answers,
    'samples.list': () => ok([]),
    'sockets.send': ({ sockets, bytes }) =>
      ok({ sent: sockets.map((socket) => ({ socket, bytes: bytes?.length ?? 0 })) }),
  });
  const { services } = host;
  show(services, {
    endpoints: [endpointView('e1', { state: 'listening', peers: 1 })],
    sockets: [socketView(2, 'e1', { framing: 'line' })],
    sessions: [sessionView('s', { total: 2 }), sessionView('old', { state: 'read-only', total: 2 })],
  });
  showEndpoint(services, 'e1');
  const sent = () => host.calls.filter(({ name }) => name === 'sockets.send').map(({ input }) => input);
  return { ...host, services, sent };
}

test('the sent messages are shown from the composer, and are sent again to its target', async () => {
  const { services, sent } = page();
  const tab = activeTab(services.tabs.getState());
  if (tab?.kind !== 'endpoint') throw new Error('no tab of an endpoint');
  const user = renderPart(
    services,
    <>
      <ComposerFoot tab={tab} scale="short" problems={unchecked} onGo={() => {}} />
      <Dialogs />
    </>,
  );
  await user.click(screen.getByRole('button', { name: 'Show sent messages' }));
  await user.click(await screen.findByRole('option', { name: /hello/ }));
  await user.click(screen.getByRole('button', { name: 'Send again' }));
  await screen.findByText('sent 6 B to 1 peer', { selector: 'dialog *' });
  const bytes = new TextEncoder().encode('hello\n');
  expect(sent()).toEqual([{ sockets: [2], bytes, frame: false, job: expect.any(String) }]);
});

test('the sent messages of a stored session are shown without what would send them', async () => {
  const { services, calls } = page();
  showSession(services, 'old');
  renderPart(services, <Dialogs />);
  act(() => runAction(actionById('sent-messages'), services));
  await screen.findByRole('option', { name: /hello/ });
  expect(screen.queryByRole('button', { name: 'Send again' })).toBeNull();
  await waitFor(() =>
    expect(calls).toContainEqual({
      name: 'sessions.query',
      input: { session: 'old', filter: 'out', endpoint: undefined },
    }),
  );
});
