import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { Output } from '#hosts/cli/output.ts';
import { createJsonPrinter, createLinePrinter } from '#hosts/cli/printers.ts';
import { PrintingLog } from '#hosts/cli/printing-log.ts';
import { Boundaries } from '#shared/message/boundaries.ts';
import { messageFlags } from '#shared/message/flags.ts';
import { MemoryLog } from '#support/memory-log.ts';
import { acceptedSocket } from '#support/session.ts';

const local = { host: '127.0.0.1', port: 12_345, family: 4 } as const;

/** A printing log, what it printed, and what its observer was told. */
function printing(session?: MemoryLog, print = createJsonPrinter()) {
  const pieces: Buffer[] = [];
  const told: string[] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      pieces.push(chunk);
      done();
    },
  });
  const log = new PrintingLog({
    output: new Output(stream),
    print,
    session,
    observer: {
      event: (socket, event) => told.push(`${socket} ${event.kind}`),
      received: (socket, count) => told.push(`${socket} received ${count}`),
    },
  });
  return { log, told, text: () => Buffer.concat(pieces).toString() };
}

function boundariesAt(...ends: [end: number, tail?: number, flags?: number][]): Boundaries {
  const boundaries = new Boundaries();
  for (const [end, tail = 0, flags = 0] of ends) boundaries.push(end, 0, tail, flags);
  return boundaries;
}

describe('a printing log', () => {
  test('numbers records densely, prints each, and puts a message together that came in several reads', () => {
    const { log, text, told } = printing();
    log.describe(acceptedSocket);
    expect(log.event(1, 0, { kind: 'ended' })).toBe(0);
    const bytes = Buffer.from('lo\ntwo\nrest');
    expect(log.messages(1, 'in', 1, Buffer.from('hel'), bytes, boundariesAt([3, 1], [7, 1]))).toBe(1);
    expect(log.messages(1, 'out', 2, Buffer.alloc(0), Buffer.from('ok'), boundariesAt([2]))).toBe(3);
    const records = text()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(records.map(({ seq, text }) => `${seq} ${text}`).slice(1)).toEqual(['1 hello', '2 two', '3 ok']);
    expect(records[1]).toMatchObject({ length: 5, wire: 6, peer: acceptedSocket.peer, direction: 'in' });
    expect(told).toEqual(['1 ended', '1 received 2']);
  });

  test('takes the numbers of the session it hands the records on to', () => {
    const session = new MemoryLog();
    session.event(7, 0, { kind: 'ended' });
    const { log, text } = printing(session);
    expect(log.event(1, 0, { kind: 'ended' })).toBe(1);
    expect(log.messages(1, 'in', 0, Buffer.alloc(0), Buffer.from('ab'), boundariesAt([1], [2]))).toBe(2);
    expect(text()).toMatch(/"seq":1.*\n.*"seq":2.*\n.*"seq":3.*\n$/);
    expect(session.records).toHaveLength(4);
  });

  test('is congested while the session is, and drained with it', () => {
    const session = new MemoryLog();
    const { log } = printing(session);
    let drains = 0;
    const stop = log.onDrain(() => {
      drains += 1;
    });
    session.congested = true;
    expect(log.congested).toBe(true);
    session.drain();
    expect({ congested: log.congested, drains }).toEqual({ congested: false, drains: 1 });
    stop();
    session.drain();
    expect(drains).toBe(1);
  });

  test('counts neither white space between messages nor the pieces of one that is too long', () => {
    const { log, told } = printing();
    const { filler, truncated, part } = messageFlags;
    const boundaries = boundariesAt([1, 0, filler], [2, 0, truncated], [3, 0, part], [4]);
    log.messages(1, 'in', 0, Buffer.alloc(0), Buffer.from('abcd'), boundaries);
    expect(told).toEqual(['1 received 1']);
  });

  test('prints a long message whole, as JSON', () => {
    const { log, text } = printing();
    const long = '€'.repeat(700_000);
    const bytes = Buffer.from(long);
    log.messages(1, 'in', 0, Buffer.alloc(0), bytes, boundariesAt([bytes.length]));
    const binary = Buffer.alloc(2_000_000, 0xff);
    log.messages(1, 'in', 0, Buffer.alloc(0), binary, boundariesAt([binary.length]));
    const [first, second] = text().split('\n');
    expect(JSON.parse(first as string).text === long).toBe(true);
    expect(Buffer.from(JSON.parse(second as string).base64, 'base64').equals(binary)).toBe(true);
  });
});

describe('the lines for people', () => {
  test('begin with where the server listens; what was before comes behind', () => {
    const { log, text } = printing(undefined, createLinePrinter());
    log.event(1, 0, { kind: 'problem', text: 'a stale path was removed' });
    expect(text()).toBe('');
    log.event(1, 0, { kind: 'listening', local, backlog: 5 });
    expect(text().split('\n')).toEqual([
      'listening on 127.0.0.1:12345',
      expect.stringMatching(/ {2}socket 1 {2}a stale path was removed$/),
      '',
    ]);
  });

  test('of datagrams begin with where the socket is bound', () => {
    const { log, text } = printing(undefined, createLinePrinter());
    log.event(1, 0, { kind: 'bound', local, joined: '239.1.2.3' });
    expect(text()).toBe('bound to 127.0.0.1:12345, joined 239.1.2.3\n');
  });

  test('say of a WebSocket’s messages whether they are text or binary, in words and in JSON', () => {
    const json = createJsonPrinter();
    for (const print of [createLinePrinter(), json]) {
      const { log, text } = printing(undefined, print);
      log.event(1, 0, { kind: 'listening', local, backlog: 5 });
      log.describe({ ...acceptedSocket, id: 2, transport: 'ws' });
      log.messages(2, 'in', 0, Buffer.alloc(0), Buffer.from('hi'), boundariesAt([2, 0, messageFlags.text]));
      log.messages(2, 'out', 0, Buffer.alloc(0), Buffer.from('ho'), boundariesAt([2]));
      const [, received, sent] = text().split('\n');
      if (print === json) {
        expect(JSON.parse(received as string)).toMatchObject({ transport: 'ws', opcode: 'text', text: 'hi' });
        expect(JSON.parse(received as string)).not.toHaveProperty('flags');
        expect(JSON.parse(sent as string)).toMatchObject({ opcode: 'binary', text: 'ho' });
      } else {
        expect(received).toMatch(/→ in {3}2 B {2}text {2}hi$/);
        expect(sent).toMatch(/← out {2}2 B {2}binary {2}ho$/);
      }
    }
  });

  test('show nothing of a peer’s certificate, or of a path, that acts on a terminal', () => {
    const { log, text } = printing(undefined, createLinePrinter());
    log.event(1, 0, { kind: 'listening', local: { host: '/tmp/\x1b[2J', port: 0, family: 'local' }, backlog: 5 });
    const certificate = { subject: 'CN=\x1b[2J', issuer: '', names: [], validFrom: 0, validTo: 0, fingerprint: '' };
    const agreed = { protocol: 'TLSv1.3', cipher: 'x', alpn: '', serverName: '', trust: 'trusted', elapsedMs: 1 };
    log.event(2, 0, { kind: 'secured', ...agreed, chain: [certificate] });
    expect(text()).toContain('listening on /tmp/␛[2J\n');
    expect(text()).toContain('peer CN=␛[2J');
    expect(text()).not.toContain('\x1b');
  });

  test('show the beginning of a long message and say how much more there is', () => {
    const { log, text } = printing(undefined, createLinePrinter());
    log.event(1, 0, { kind: 'listening', local, backlog: 5 });
    log.describe(acceptedSocket);
    const bytes = Buffer.from(`a${'é'.repeat(3_000)}`);
    log.messages(1, 'in', 0, Buffer.alloc(0), bytes, boundariesAt([bytes.length]));
    const line = text().split('\n')[1] as string;
    // The cut at 4096 bytes would split a character, which is left out whole.
    expect(line).toContain(`→ in   6\u202f001 B  a${'é'.repeat(2_047)} … and 1\u202f905 B more`);
  });
});
