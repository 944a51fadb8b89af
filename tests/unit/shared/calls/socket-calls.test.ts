import { describe, expect, test } from 'vitest';
import { callSentence, resultText } from '#shared/calls/call-sentence.ts';
import { callsFilter, type ListedCall, listCalls } from '#shared/calls/socket-calls.ts';
import { parseFilter } from '#shared/filter/parse.ts';
import type { Row } from '#shared/record/record.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import { row, socketInfo, startAt } from '#support/recorded-session.ts';

const local = { host: '127.0.0.1', port: 5_000, family: 4 } as const;
const peer = { host: '127.0.0.1', port: 50_001, family: 4 } as const;

function eventRow(seq: number, event: SocketEvent): Row {
  return row(seq, { preview: '', kind: event.kind, event });
}

function traced(seq: number, event: Partial<Extract<SocketEvent, { kind: 'call' }>>): Row {
  const facts = { kind: 'call', name: 'accept', args: '', origin: 'observed', startAt, durationMs: 0 } as const;
  return eventRow(seq, { ...facts, ...event });
}

const brief = (calls: readonly ListedCall[]) =>
  calls.map((call) => `${call.name}(${call.args}) ${resultText(call)}`.trim());

describe('the calls of a traced program', () => {
  test('list a call that waited once, from its start to its return', () => {
    const waits = traced(0, { pid: 1, number: 7, waits: true, durationMs: 100 });
    const returned = traced(2, { pid: 1, number: 7, durationMs: 1_200, result: 4, detail: '127.0.0.1:50001' });
    expect(listCalls([waits], socketInfo())).toMatchObject([{ seq: 0, waits: true, durationMs: 100 }]);
    expect(listCalls([waits, returned], socketInfo())).toMatchObject([
      { seq: 2, waitSeq: 0, waits: false, durationMs: 1_200, result: 4 },
    ]);
  });

  test('do not take the calls of two processes with one number for one call', () => {
    const rows = [traced(0, { pid: 1, number: 7, waits: true }), traced(1, { pid: 2, number: 7, result: 0 })];
    expect(listCalls(rows, socketInfo())).toHaveLength(2);
  });

  test('are in the order of their starts', () => {
    const rows = [traced(0, { name: 'recv', startAt: startAt + 5 }), traced(1, { name: 'accept', startAt })];
    expect(listCalls(rows, socketInfo()).map(({ name }) => name)).toEqual(['accept', 'recv']);
  });
});

describe('the calls of a socket of Wirebench', () => {
  test('of a server are those that its events stand for', () => {
    const rows = [eventRow(0, { kind: 'listening', local, backlog: 5 })];
    expect(brief(listCalls(rows, socketInfo({ role: 'listener' })))).toEqual([
      'socket(AF_INET, SOCK_STREAM)',
      'bind(127.0.0.1:5000) 0',
      'listen(5) 0',
    ]);
  });

  test('show connect() waiting, and returned with the time that it took', () => {
    const connecting = eventRow(0, { kind: 'connecting', peer, attempt: 1, of: 1 });
    const opened = eventRow(1, { kind: 'opened', local, peer, elapsedMs: 12 });
    const info = socketInfo({ role: 'outgoing' });
    expect(brief(listCalls([connecting], info))).toEqual([
      'socket(AF_INET, SOCK_STREAM)',
      'connect(127.0.0.1:50001) waits',
    ]);
    expect(listCalls([connecting, opened], info)[1]).toMatchObject({ waits: false, durationMs: 12, result: 0, seq: 1 });
  });

  test('show the error of a connect() that failed', () => {
    const rows = [
      eventRow(0, { kind: 'connecting', peer, attempt: 1, of: 1 }),
      eventRow(1, { kind: 'failed', call: 'connect', errno: 'ECONNREFUSED', text: 'connection refused' }),
      eventRow(2, { kind: 'closed', cause: 'failed', bytesIn: 0, bytesOut: 0 }),
    ];
    const calls = listCalls(rows, socketInfo({ role: 'outgoing' }));
    expect(brief(calls).slice(1)).toEqual(['connect(127.0.0.1:50001) ECONNREFUSED', 'close() 0']);
    expect(calls.map(({ origin }) => origin)).toEqual(['made', 'made', 'implied']);
  });

  test('have one recv for the messages of one read, and the reads themselves where they are known', () => {
    const rows = [
      row(0, { preview: 'one', at: startAt }),
      row(1, { preview: 'three', at: startAt }),
      row(2, { preview: 'ok', kind: 'out' }),
    ];
    expect(brief(listCalls(rows, socketInfo()))).toEqual(['recv(65536) 8', 'send(2 bytes) 2']);
    const reads = [
      { at: startAt - 1, length: 2 },
      { at: startAt, length: 6 },
    ];
    expect(brief(listCalls(rows, socketInfo(), reads))).toEqual(['recv(65536) 2', 'recv(65536) 6', 'send(2 bytes) 2']);
  });

  test('end with the FIN of the peer and close()', () => {
    const rows = [
      eventRow(0, { kind: 'ended' }),
      eventRow(1, { kind: 'closed', cause: 'local', bytesIn: 0, bytesOut: 0 }),
    ];
    const [fin, close] = listCalls(rows, socketInfo());
    expect(fin && callSentence(fin)).toMatch(/It returned no bytes: the peer has sent its FIN\.$/);
    expect(close).toMatchObject({ name: 'close', origin: 'made' });
  });

  test('of a connection that was only observed are implied', () => {
    const rows = [eventRow(0, { kind: 'shutdown' })];
    expect(listCalls(rows, socketInfo({ endpoint: '' }))).toMatchObject([{ name: 'shutdown', origin: 'implied' }]);
  });
});

test.each([undefined, 'server.py (1)'])(
  'the filter for the calls of a socket of the program %s is valid',
  (program) => {
    expect(parseFilter(callsFilter({ id: 3, program }))).toMatchObject({ ok: true });
  },
);

describe('the sentence of a call', () => {
  const call: ListedCall = { seq: 0, name: 'accept', args: '', origin: 'observed', startAt, waits: false };

  test.each([
    [{ waits: true, durationMs: 100 }, 'It waits for a client to connect, for 100 ms when this was recorded.'],
    [
      { durationMs: 1_200, result: 4, detail: '127.0.0.1:50001' },
      'It waited 1.2 s for a client to connect. It returned a new socket, descriptor 4, for the client 127.0.0.1:50001.',
    ],
    [{ name: 'recv', args: '1024', result: 14, durationMs: 0.1 }, 'It returned 14 B.'],
    [{ name: 'send', result: 14 }, 'The kernel accepted 14 B.'],
    [
      { name: 'connect', result: -1, errno: 'ECONNREFUSED' },
      'It failed with ECONNREFUSED: connection refused. Nothing listens there: check that the server is running, and check its address and port.',
    ],
  ])('of %o ends with what happened', (facts, sentence) => {
    expect(callSentence({ ...call, ...facts }).endsWith(sentence)).toBe(true);
  });

  test('of a name that is not in the catalogue says what it returned', () => {
    expect(callSentence({ ...call, name: 'toString', result: 3 })).toBe('It returned 3.');
  });
});
