import { describe, expect, it } from 'vitest';
import type { CallEnd, CallStart, TracedCallName, TraceRecord } from '#shared/calls/trace-format.ts';
import { TracedProcess, type TraceEvent } from '#shared/calls/traced-calls.ts';
import { TraceRecorder } from '#trace/trace-recorder.ts';
import { MemoryLog } from '../../support/memory-log.ts';

/** A traced process whose records are written by hand. One call follows the other, a microsecond each. */
class WrittenProcess {
  readonly process: TracedProcess;
  readonly events: TraceEvent[] = [];
  #number = 0;
  #ns = 1_000_000;

  constructor(pid = 4_711) {
    this.process = new TracedProcess(pid);
    this.take({ kind: 'about', about: JSON.stringify({ argv: ['/home/ann/server.py'], language: 'python' }) });
  }

  take(record: TraceRecord): this {
    const event = this.process.take(record);
    if (event) this.events.push(event);
    return this;
  }

  start(call: TracedCallName, descriptor: number, fields: Partial<CallStart> = {}): this {
    this.#number += 1;
    this.#ns += 1_000;
    const isTls = false;
    const start = {
      isTls,
      call,
      number: this.#number,
      atNs: this.#ns,
      thread: 1,
      descriptor,
      source: 0,
      amount: 0,
      detail: '',
    };
    return this.take({ kind: 'start', ...start, ...fields });
  }

  end(call: TracedCallName, fields: Partial<CallEnd> = {}): this {
    this.#ns += 1_000;
    const data = new Uint8Array(0);
    return this.take({
      kind: 'end',
      call,
      number: this.#number,
      atNs: this.#ns,
      errno: 0,
      result: 0,
      detail: '',
      data,
      ...fields,
    });
  }

  call(call: TracedCallName, descriptor: number, start: Partial<CallStart> = {}, end: Partial<CallEnd> = {}): this {
    return this.start(call, descriptor, start).end(call, end);
  }
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Records everything that the processes did, and returns the log. */
async function recorded(...written: WrittenProcess[]): Promise<MemoryLog> {
  const log = new MemoryLog();
  let last = 0;
  const recorder = new TraceRecorder({
    log,
    nextSocketId: () => {
      last += 1;
      return last;
    },
  });
  await recorder.record(
    written.map(({ process, events }) => ({ process, wallOffsetNs: 0, events })),
    1_000,
  );
  await recorder.finish(
    written.map(({ process }) => process),
    2_000,
  );
  return log;
}

function server(): WrittenProcess {
  return new WrittenProcess()
    .call('socket', -1, { detail: 'AF_INET, SOCK_STREAM, -1' }, { result: 3, detail: 'AF_INET, SOCK_STREAM, 0' })
    .call('bind', 3, { detail: '127.0.0.1:0' }, { detail: '127.0.0.1:5000' })
    .call('listen', 3, { detail: '5' })
    .call('accept', 3, {}, { result: 4, detail: '127.0.0.1:6000' });
}

/** Returns the records as `1 call accept`, `2 in hello`. */
function shown({ records }: MemoryLog): string[] {
  return records.map(({ socket, kind, bytes: content, event }) => {
    const what =
      event?.kind === 'call' ? `${event.name}(${event.args}) ${event.errno ?? event.result}` : content.toString();
    return `${socket} ${kind} ${what}`.trim();
  });
}

const serverLines = [
  '1 call socket(AF_INET, SOCK_STREAM, -1) 3',
  '1 call bind(127.0.0.1:0) 0',
  '1 call listen(5) 0',
  '1 listening',
  '1 call accept() 4',
  '2 accepted',
];

describe('TraceRecorder', () => {
  it('records a call, then the bytes that it moved or the event that it caused', async () => {
    const log = await recorded(
      server()
        .call('recv', 4, { amount: 1_024 }, { result: 5, data: bytes('hello') })
        .call('sendall', 4, { amount: 2 }, { result: 2, data: bytes('ok') })
        .call('recv', 4, { amount: 1_024 }, { result: 0 })
        .call('close', 4)
        .call('close', 3),
    );
    expect(shown(log)).toEqual([
      ...serverLines,
      ...['2 call recv(1024) 5', '2 in hello', '2 call sendall(2 bytes) 2', '2 out ok'],
      ...['2 call recv(1024) 0', '2 ended', '2 call close() 0', '2 closed', '1 call close() 0', '1 closed'],
    ]);
    expect(log.records.findLast(({ socket, kind }) => socket === 2 && kind === 'closed')?.event).toMatchObject({
      cause: 'peer',
      bytesIn: 5,
      bytesOut: 2,
    });
  });

  it('describes each socket with its program, role and addresses', async () => {
    const log = await recorded(server());
    const program = { endpoint: 'program-4711', program: 'server.py (4711)', framing: 'raw', transport: 'tcp' };
    expect(log.sockets.get(1)).toMatchObject({ ...program, role: 'listener', local: '127.0.0.1:5000' });
    const addresses = { local: '127.0.0.1:5000', peer: '127.0.0.1:6000' };
    expect(log.sockets.get(2)).toMatchObject({ ...program, role: 'accepted', ...addresses });
  });

  it('puts the calls of several processes into the order in which they ended', async () => {
    const one = new WrittenProcess(1).call('getaddrinfo', -1, { detail: 'one' }, { atNs: 5_000 });
    const other = new WrittenProcess(2).call('getaddrinfo', -1, { detail: 'other' }, { atNs: 4_000 });
    expect(shown(await recorded(one, other))).toEqual(['0 call getaddrinfo(other) 0', '0 call getaddrinfo(one) 0']);
  });

  it('records a call that waits once, and again when it has returned, with the same number', async () => {
    const waiting = server().start('recv', 4, { amount: 10 });
    const log = new MemoryLog();
    let last = 0;
    const recorder = new TraceRecorder({ log, nextSocketId: () => ++last });
    const batch = { process: waiting.process, wallOffsetNs: 0 };
    await recorder.record([{ ...batch, events: waiting.events }], 1_000);
    await recorder.record([], 1_100);
    const before = waiting.events.length;
    waiting.end('recv', { result: 1, data: bytes('x') });
    await recorder.record([{ ...batch, events: waiting.events.slice(before) }], 1_200);
    const calls = log.records
      .map(({ event }) => event)
      .filter((event) => event?.kind === 'call' && event.name === 'recv');
    expect(calls).toMatchObject([
      { waits: true, number: 5 },
      { result: 1, number: 5 },
    ]);
  });

  it('keeps what a call that failed says, and an error that matters as an event', async () => {
    const log = await recorded(
      new WrittenProcess()
        .call('socket', -1, {}, { result: 3, detail: 'AF_INET, SOCK_STREAM, 0' })
        .call('connect', 3, { detail: '127.0.0.1:9' }, { errno: 111, result: -1, detail: 'Connection refused' })
        .call('recv', 3, { amount: 1 }, { errno: 11, result: -1 }),
    );
    expect(shown(log)).toEqual([
      '1 call socket() 3',
      ...['1 call connect(127.0.0.1:9) ECONNREFUSED', '1 failed', '1 call recv(1) EAGAIN', '1 closed'],
    ]);
  });

  it('says how many bytes were not recorded, and continues after them', async () => {
    const log = await recorded(server().call('recv', 4, { amount: 100 }, { result: 100, data: bytes('abc') }));
    expect(shown(log).slice(serverLines.length, -2)).toEqual(['2 call recv(100) 100', '2 in abc', '2 limited']);
    expect(log.skipped).toEqual([{ socket: 2, direction: 'in', length: 97 }]);
  });

  it('gives each peer of a UDP socket its own stream', async () => {
    const log = await recorded(
      new WrittenProcess()
        .call('socket', -1, {}, { result: 3, detail: 'AF_INET, SOCK_DGRAM, 0' })
        .call('bind', 3, { detail: '127.0.0.1:0' }, { detail: '127.0.0.1:5000' })
        .call('recvfrom', 3, { amount: 100 }, { result: 1, detail: '127.0.0.1:7000', data: bytes('a') })
        .call('sendto', 3, { amount: 1, detail: '127.0.0.1:7001' }, { result: 1, data: bytes('b') })
        .call('close', 3),
    );
    expect(shown(log).slice(2)).toEqual([
      ...[
        '2 peer-added',
        '2 call recvfrom(100) 1',
        '2 in a',
        '3 peer-added',
        '3 call sendto(1 bytes, 127.0.0.1:7001) 1',
      ],
      ...['3 out b', '1 call close() 0', '2 closed', '3 closed', '1 closed'],
    ]);
  });

  it('ends the sockets that a program left open, and says so', async () => {
    const log = await recorded(server());
    const ends = log.records.filter(({ kind }) => kind === 'closed').map(({ event }) => event);
    expect(ends).toMatchObject([
      { cause: 'stopped', text: 'the program ended without close()' },
      { cause: 'stopped', text: 'the program ended without close()' },
    ]);
  });

  it('keeps a socket open until every process that has it from a fork has closed it', async () => {
    const parent = server();
    const child = new WrittenProcess(4_712);
    const inherited = parent.process.socketsAt(1_000_000_000);
    child.process.inherit(inherited);
    child.events.push({ kind: 'about', argv: ['server.py'], language: 'python', version: '', forkedNs: 1, inherited });
    parent.call('close', 4);
    child
      .start('recv', 4, { amount: 9, atNs: 2_000_000 })
      .end('recv', { atNs: 2_000_000, result: 1, data: bytes('x') });
    child.start('close', 4, { atNs: 3_000_000 }).end('close', { atNs: 3_000_000 });
    const log = await recorded(parent, child);
    expect(shown(log).slice(serverLines.length)).toEqual([
      ...['2 call close() 0', '2 call recv(9) 1', '2 in x', '2 call close() 0', '2 closed', '1 closed'],
    ]);
  });

  it('does not take a descriptor that is used again for the socket before it', async () => {
    const log = await recorded(
      server()
        .call('close', 4)
        .call('accept', 3, {}, { result: 4, detail: '127.0.0.1:6001' })
        .call('recv', 4, { amount: 1 }, { result: 1, data: bytes('x') }),
    );
    expect(log.sockets.get(3)).toMatchObject({ role: 'accepted', peer: '127.0.0.1:6001' });
    expect(log.of(3).map(({ kind }) => kind)).toEqual(['accepted', 'call', 'in', 'closed']);
  });
});
