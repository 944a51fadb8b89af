import { screen, within } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import { ok } from '#shared/failure.ts';
import type { SocketInfo } from '#shared/record/record.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import { row, socketInfo, startAt, type Written } from '#support/recorded-session.ts';
import { renderInspector } from '#support/render-traffic.tsx';
import { inputsOf } from '../../fake-endpoints.ts';

type CallEvent = Extract<SocketEvent, { kind: 'call' }>;

beforeEach(() => {
  // There is no layout: a list would be without height, and without rows.
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(220);
  return () => vi.restoreAllMocks();
});

function traced(event: Partial<CallEvent>): Written {
  const facts = { kind: 'call', name: 'accept', args: '', origin: 'observed', startAt, durationMs: 0 } as const;
  return { preview: '', kind: 'call', event: { ...facts, ...event } };
}

const program: Partial<SocketInfo> = { role: 'listener', program: 'server.py (4711)', endpoint: 'program-4711' };

async function showCalls(records: readonly Written[], info: Partial<SocketInfo>, selected = records.length - 1) {
  const rows = records.map((written, seq) => row(seq, written));
  const written = { seq: selected, ...records[selected] } as Written;
  const shown = renderInspector({
    written,
    info,
    answers: {
      'sessions.query': () => ok({ id: 'q', usesMarks: false }),
      'sessions.locate': ({ seq = 0 }) => ok({ found: { seq, index: seq } }),
      'sessions.window': ({ first, count }) => {
        const sockets = [socketInfo(info)];
        const page = rows.slice(first, first + count);
        return ok({ total: rows.length, matched: rows.length, scanned: rows.length, rows: page, sockets });
      },
      'sessions.reads': () => ok({ reads: [] }),
    },
  });
  await shown.user.click(screen.getByRole('tab', { name: 'Calls' }));
  return shown;
}

const options = () => screen.findAllByRole('option');

test('the calls of a traced program are listed with start, duration and result', async () => {
  await showCalls(
    [
      traced({ name: 'bind', args: '127.0.0.1:5000', startAt, result: 0, number: 1, pid: 1 }),
      traced({ startAt: startAt + 500, durationMs: 100, waits: true, number: 2, pid: 1 }),
    ],
    program,
  );
  await screen.findByText('Calls of server.py (4711), socket 1');
  await vi.waitUntil(async () => (await options()).length === 2);
  const [bind, accept] = await options();
  expect(bind?.textContent).toContain('bind(127.0.0.1:5000)');
  expect(accept?.textContent).toBe('0.5000accept()100 mswaits');
});

test('the call of the record is explained, with its manual page, its source line and its line in three languages', async () => {
  await showCalls(
    [
      traced({ startAt, durationMs: 100, waits: true, number: 2, pid: 1 }),
      traced({
        ...{
          startAt,
          durationMs: 1_200,
          result: 4,
          detail: '127.0.0.1:50001',
          number: 2,
          pid: 1,
          thread: 'MainThread',
        },
        ...{ file: '/home/ada/server.py', line: 12, source: '    connection, address = s.accept()' },
      }),
    ],
    program,
  );
  const card = within(await screen.findByRole('region', { name: 'accept()' }));
  card.getByText('accept(2)');
  card.getByText(/It waited 1\.2 s for a client to connect\. It returned a new socket, descriptor 4/);
  card.getByText('server.py:12');
  card.getByText('connection, address = s.accept()');
  card.getByText('connection, address = server_socket.accept()');
  card.getByText('int connection = accept(fd, &address, &size);');
  card.getByText("server_socket.on('connection', (connection) => { … })");
  card.getByText('process 1, thread MainThread');
  expect(await options()).toHaveLength(1);
});

test('another call is selected with the arrow keys, and its record is shown on request', async () => {
  const { services, user } = await showCalls(
    [traced({ name: 'listen', args: '5', startAt, result: 0 }), traced({ startAt: startAt + 1, waits: true })],
    program,
  );
  await vi.waitUntil(async () => (await options()).length === 2);
  const asked: unknown[] = [];
  services.traffic.serve('tab', (request) => asked.push(request));
  screen.getByRole('listbox').focus();
  await user.keyboard('{ArrowUp}');
  const card = within(await screen.findByRole('region', { name: 'listen()' }));
  await user.click(card.getByRole('button', { name: 'Show record' }));
  expect(asked).toEqual([{ kind: 'record', seq: 0 }]);
});

test('the calls of a socket of Wirebench are those of its events, and an implied one is labelled', async () => {
  const host = await showCalls(
    [
      { preview: 'ended', kind: 'ended', event: { kind: 'ended' } },
      { preview: 'closed', kind: 'closed', event: { kind: 'closed', cause: 'peer', bytesIn: 0, bytesOut: 0 } },
    ],
    {},
  );
  await vi.waitUntil(async () => (await options()).length === 2);
  const [, close] = await options();
  expect(close?.textContent).toContain('close()implied');
  screen.getByText('implied: made by the kernel or Node.js');
  screen.getByText('Equivalent Python calls');
  expect(inputsOf(host, 'sessions.query')).toMatchObject([
    { filter: expect.stringMatching(/^socket == 1 && kind in/) },
  ]);
});

test('hostile text of a program is shown as text', async () => {
  await showCalls([traced({ name: '\u202Eevil', args: '\u001b[2J<b>', result: 1 })], program);
  const [call] = await options();
  expect(call?.textContent).toContain('⟨U+202E⟩evil(\\x1b[2J<b>)');
});
