import { act, screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { ok } from '#shared/failure.ts';
import type { SocketInfo } from '#shared/record/record.ts';
import { row, socketInfo } from '#support/recorded-session.ts';
import { show } from '#support/render.tsx';
import { renderInspector } from '#support/render-traffic.tsx';
import { applyEvent } from '../../../../../src/renderer/bridge/live-store.ts';
import { activeTab } from '../../../../../src/renderer/state/tabs.ts';
import { inputsOf } from '../../fake-endpoints.ts';
import { type Answers, sessionView } from '../../fake-services.ts';

const written = { preview: 'hello', kind: 'in' } as const;
const client = socketInfo({ id: 7, program: 'client.py (4712)', endpoint: 'program-4712', role: 'outgoing' });

function inspect(answers: Answers, info: Partial<SocketInfo> = {}) {
  const shown = renderInspector({ written, info, answers });
  const session = sessionView('s1', { state: 'recording' });
  act(() =>
    shown.services.live.setState((state) => applyEvent(state, { kind: 'sessions', changed: [session], removed: [] })),
  );
  return shown;
}

test('the other end in the session is shown, and its nearest record is one click away', async () => {
  const host = inspect({
    'sessions.otherEnd': () => ok({ other: client }),
    'sessions.find': ({ from, backward }) => ok({ found: backward ? { seq: from - 1, index: 0 } : null }),
  });
  await host.user.click(await screen.findByRole('button', { name: 'Other end: client.py (4712)' }));
  const tab = activeTab(host.services.tabs.getState());
  expect(tab).toMatchObject({ kind: 'program', program: 'program-4712' });
  const asked: unknown[] = [];
  await waitFor(() => expect(inputsOf(host, 'sessions.find')).toHaveLength(2));
  expect(inputsOf(host, 'sessions.find')[0]).toMatchObject({ find: 'socket == 7', from: 3, backward: false });
  host.services.traffic.serve(tab?.id ?? '', (request) => asked.push(request));
  await waitFor(() => expect(asked).toEqual([{ kind: 'record', seq: 2 }]));
});

test('the record with the same bytes is selected, however many there are', async () => {
  const sent = Array.from({ length: 50 }, (_, index) =>
    row(100 + index, { preview: 'x'.repeat(10), kind: 'out', offset: index * 10, socket: 7 }),
  );
  const host = renderInspector({
    written: { ...written, offset: 333 },
    answers: {
      'sessions.otherEnd': () => ok({ other: client }),
      'sessions.query': () => ok({ id: 'q', usesMarks: false }),
      'sessions.window': ({ first, count }) =>
        ok({ total: 50, matched: 50, scanned: 50, rows: sent.slice(first, first + count), sockets: [] }),
    },
  });
  show(host.services, { sessions: [sessionView('s1', { state: 'read-only' })] });
  const asked: unknown[] = [];
  host.services.traffic.serve('tab', (request) => asked.push(request));
  await host.user.click(await screen.findByRole('button', { name: /^Other end/ }));
  await waitFor(() => expect(asked).toEqual([{ kind: 'record', seq: 133 }]));
  expect(inputsOf(host, 'sessions.query')).toContainEqual({ session: 's1', filter: 'socket == 7 && out' });
});

test('in an opened session the other end is selected in the same tab', async () => {
  const host = renderInspector({
    written,
    answers: {
      'sessions.otherEnd': () => ok({ other: client }),
      'sessions.find': ({ from }) => ok({ found: { seq: from + 1, index: 0 } }),
    },
  });
  show(host.services, { sessions: [sessionView('s1', { state: 'read-only' })] });
  const before = host.services.tabs.getState();
  const asked: unknown[] = [];
  host.services.traffic.serve('tab', (request) => asked.push(request));
  await host.user.click(await screen.findByRole('button', { name: /^Other end/ }));
  await waitFor(() => expect(asked).toEqual([{ kind: 'record', seq: 4 }]));
  expect(host.services.tabs.getState()).toBe(before);
});

test('a process of this machine that is not traced is named', async () => {
  const host = inspect({
    'sessions.otherEnd': () => ok({ other: null }),
    'sockets.peerProcess': () => ok({ process: { name: 'nc (812)', pid: 812 } }),
  });
  await screen.findByText('other end: nc (812), not traced');
  expect(inputsOf(host, 'sockets.peerProcess')).toContainEqual({ local: '127.0.0.1:5000', peer: '127.0.0.1:50001' });
});

test.each([
  ['another machine', { peer: '192.0.2.7:80' }],
  ['a listener', { role: 'listener', peer: '' }],
] as const)('no process is looked for at the other end of %s', async (_, info) => {
  const host = inspect({ 'sessions.otherEnd': () => ok({ other: null }) }, info);
  await screen.findByText('received, 5 B');
  expect(inputsOf(host, 'sockets.peerProcess')).toEqual([]);
  expect(screen.queryByText(/other end/i)).toBeNull();
});
