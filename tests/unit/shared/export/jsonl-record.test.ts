import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatRecord, jsonlFormat } from '#shared/export/formats/jsonl.ts';
import { looksLikeRecord, parseJsonl } from '#shared/export/jsonl-record.ts';
import { messageFlags } from '#shared/message/flags.ts';
import type { Row, SocketInfo } from '#shared/record/record.ts';
import { isoMicros } from '#shared/record/record.ts';
import type { Address } from '#shared/socket/address.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import { transports } from '#shared/socket/transports.ts';
import { cases } from '#support/cases.ts';

const socket: SocketInfo = {
  id: 3,
  role: 'accepted',
  transport: 'tcp',
  endpoint: 'e',
  name: 'server',
  local: '127.0.0.1:12345',
  peer: '[::1]:51422',
  framing: 'line',
};

const none = new Uint8Array(0);
const common = { seq: 7, socket: 3, offset: 0, length: 0, head: 0, tail: 0, flags: 0, preview: '' } as const;
const at = fc.integer({ min: 0, max: 2_000_000_000_000_000 }).map((micros) => micros / 1_000);

const address: fc.Arbitrary<Address> = fc.oneof(
  fc.record({ host: fc.ipV4(), port: fc.nat(65_535), family: fc.constant(4 as const) }),
  fc.record({ host: fc.ipV6(), port: fc.nat(65_535), family: fc.constant(6 as const) }),
);
const text = fc.string({ unit: 'binary' });
const count = fc.nat();
const calls = fc.constantFrom('bind' as const, 'connect' as const, 'recv' as const, 'getaddrinfo' as const);
const causes = fc.constantFrom('local' as const, 'peer' as const, 'reset-by-us' as const, 'failed' as const);
const errno = fc.constantFrom('ECONNRESET', 'EPIPE');
const event: fc.Arbitrary<SocketEvent> = fc.oneof(
  fc.record({ kind: fc.constant('listening' as const), local: address, backlog: count }),
  fc.record({ kind: fc.constant('bound' as const), local: address, joined: text }, { requiredKeys: ['kind', 'local'] }),
  fc.record({ kind: fc.constant('peer-added' as const), local: address, peer: address, listener: count }),
  fc.record({ kind: fc.constant('waiting' as const), attempt: count, delayMs: count }),
  fc.record({ kind: fc.constant('reframed' as const), framing: text }),
  fc.record({ kind: fc.constant('malformed' as const), framing: text, offset: count, text }),
  fc.record(
    {
      kind: fc.constant('http' as const),
      way: fc.constantFrom('sent' as const, 'received' as const),
      lines: fc.array(text, { maxLength: 4 }),
      body: text,
      more: fc.constant(true),
    },
    { requiredKeys: ['kind', 'way', 'lines'] },
  ),
  fc.record({
    kind: fc.constant('control' as const),
    way: fc.constantFrom('sent' as const, 'received' as const),
    frame: fc.constantFrom('ping' as const, 'pong' as const),
    payload: fc.constantFrom('', '00ff', '6869'),
  }),
  fc.record({ kind: fc.constant('upgraded' as const), url: text, protocol: text, elapsedMs: count }),
  fc.record({
    kind: fc.constant('secured' as const),
    protocol: text,
    cipher: text,
    alpn: text,
    serverName: text,
    trust: text,
    chain: fc.array(
      fc.record({
        subject: text,
        issuer: text,
        names: fc.array(text),
        validFrom: count,
        validTo: count,
        fingerprint: text,
      }),
      { maxLength: 3 },
    ),
    elapsedMs: count,
  }),
  fc.record({ kind: fc.constant('resolved' as const), name: text, addresses: fc.array(address) }),
  fc.record({ kind: fc.constant('connecting' as const), peer: address, attempt: count, of: count }),
  fc.record({ kind: fc.constant('accepted' as const), local: address, peer: address, listener: count }),
  fc.record(
    {
      kind: fc.constant('opened' as const),
      local: address,
      peer: address,
      elapsedMs: count,
      why: text,
      handshake: fc.constantFrom('TLS' as const, 'WebSocket' as const),
    },
    { requiredKeys: ['kind', 'local', 'peer', 'elapsedMs'] },
  ),
  fc.record({ kind: fc.constantFrom('shutdown' as const, 'ended' as const, 'resumed' as const) }),
  fc.constant({ kind: 'resumed', call: 'accept' } as const),
  fc.record({ kind: fc.constant('paused' as const), reason: text }),
  fc.record({ kind: fc.constant('limited' as const), limit: text, text }),
  fc.record({ kind: fc.constant('problem' as const), text }),
  fc.record({ kind: fc.constant('failed' as const), call: calls, errno: fc.oneof(errno, fc.constant('')), text }),
  fc.record({ kind: fc.constant('failed' as const), call: calls, errno, text, address }),
  fc.record(
    {
      kind: fc.constant('closed' as const),
      cause: causes,
      bytesIn: count,
      bytesOut: count,
      errno,
      text: fc.string({ unit: 'binary', minLength: 1 }),
    },
    { requiredKeys: ['kind', 'cause', 'bytesIn', 'bytesOut'] },
  ),
);

describe('parseJsonl', () => {
  it('reads back every message that an export writes, byte for byte', () => {
    const body = fc.oneof(
      fc.uint8Array(),
      fc.string({ unit: 'binary' }).map((some) => Buffer.from(some)),
    );
    const frame = fc.uint8Array({ maxLength: 4 });
    fc.assert(
      fc.property(
        at,
        body,
        frame,
        frame,
        fc.nat(15),
        fc.constantFrom('in', 'out'),
        (at, body, head, tail, flags, kind) => {
          const bytes = Uint8Array.from([...head, ...body, ...tail]);
          const parts = { length: bytes.length, head: head.length, tail: tail.length, flags };
          const row: Row = { ...common, ...parts, at, kind };
          const read = parseJsonl(formatRecord(jsonlFormat, row, bytes, socket));
          if (read?.kind !== 'message') throw new Error('no message');
          expect(Math.abs(read.at - at)).toBeLessThan(0.001);
          expect(isoMicros(read.at)).toBe(isoMicros(at));
          expect(Buffer.compare(read.bytes, bytes)).toBe(0);
          expect(read).toMatchObject({ direction: kind, head: head.length, tail: tail.length, flags, socket: 3 });
          expect(read).toMatchObject({ local: socket.local, peer: socket.peer });
        },
      ),
    );
  });

  it('reads back every event that an export writes', () => {
    fc.assert(
      fc.property(at, event, (at, event) => {
        const row: Row = { ...common, at, kind: event.kind, event };
        const read = parseJsonl(formatRecord(jsonlFormat, row, none, socket));
        if (read?.kind !== 'event') throw new Error('no event');
        expect(read.event).toEqual(event);
      }),
      cases(300),
    );
  });

  it('reads what carried the bytes, and what kind of message a WebSocket did', () => {
    const line = formatRecord(jsonlFormat, { ...common, at: 0, kind: 'in', length: 1 }, Buffer.from('x'), socket);
    const fields = JSON.parse(line) as Record<string, unknown>;
    const read = (change: Record<string, unknown>) => parseJsonl(JSON.stringify({ ...fields, ...change }));
    for (const transport of transports) expect(read({ transport })).toMatchObject({ transport });
    expect(read({ transport: 'sctp' })).toMatchObject({ transport: 'tcp' });
    expect(read({ transport: 'ws', opcode: 'text' })).toMatchObject({ flags: messageFlags.text });
    expect(read({ transport: 'ws', opcode: 'binary' })).toMatchObject({ flags: 0 });
    expect(read({ transport: 'ws', flags: ['text', 'truncated'] })).toMatchObject({ flags: messageFlags.text + 1 });
    expect(read({ flags: ['part'] })).toMatchObject({ flags: messageFlags.part });
  });

  it('reads the ends of local sockets as paths, also such as look like addresses', () => {
    const line = (local: string, peer: string) =>
      parseJsonl(
        JSON.stringify({
          ...{ seq: 1, at: '2026-03-01T14:05:09.007042Z', kind: 'accepted', socket: 2, transport: 'local' },
          ...{ local, peer, direction: null, length: 0, listener: 1, text: 'accepted' },
        }),
      );
    expect(line('/tmp/a:80', 'unnamed')).toMatchObject({
      transport: 'local',
      event: {
        kind: 'accepted',
        local: { host: '/tmp/a:80', port: 0, family: 'local' },
        peer: { host: '', port: 0, family: 'local' },
        listener: 1,
      },
    });
    expect(line('/tmp/a', '')).toBeUndefined();
  });

  it('reads back what carried the bytes, and the two kinds of WebSocket messages', () => {
    for (const transport of transports) {
      const of = { ...socket, transport };
      for (const flags of [0, messageFlags.text, messageFlags.text | messageFlags.incomplete]) {
        const read = parseJsonl(
          formatRecord(jsonlFormat, { ...common, at: 0, kind: 'in', length: 2, flags }, Buffer.from('hi'), of),
        );
        expect(read).toMatchObject({ transport, flags });
      }
    }
  });

  it('reads back the events of TLS, of local sockets and of bad frames', () => {
    const certificate = {
      subject: 'CN=a',
      issuer: 'CN=b',
      names: ['DNS:a'],
      validFrom: 1,
      validTo: 2,
      fingerprint: 'AB',
    };
    const agreed = { protocol: 'TLSv1.3', cipher: 'c', alpn: 'h2', serverName: 'a', trust: 'trusted', elapsedMs: 1 };
    const local: Address = { host: '/run/app.sock', port: 0, family: 'local' };
    const unnamed: Address = { host: '', port: 0, family: 'local' };
    const events: SocketEvent[] = [
      { kind: 'secured', ...agreed, chain: [certificate] },
      { kind: 'upgraded', url: 'ws://a/', protocol: 'mqtt', elapsedMs: 1 },
      { kind: 'malformed', framing: 'json', offset: 7, text: 'a bracket: too many' },
      { kind: 'listening', local, backlog: 5 },
      { kind: 'accepted', local, peer: unnamed, listener: 1 },
    ];
    for (const event of events) {
      const row: Row = { ...common, at: 0, kind: event.kind, event };
      const read = parseJsonl(
        formatRecord(jsonlFormat, row, none, { ...socket, transport: 'local', local: '/run/app.sock', peer: '' }),
      );
      expect(read).toMatchObject({ kind: 'event', event });
    }
  });

  it('refuses what is no record', () => {
    const line = formatRecord(jsonlFormat, { ...common, at: 0, kind: 'in', length: 1 }, Buffer.from('x'), socket);
    const fields = JSON.parse(line) as Record<string, unknown>;
    const changed = (change: Record<string, unknown>) => parseJsonl(JSON.stringify({ ...fields, ...change }));
    expect(changed({})).toBeDefined();
    expect(changed({ kind: 'nonsense' })).toBeUndefined();
    expect(changed({ at: 'yesterday' })).toBeUndefined();
    expect(changed({ socket: -1 })).toBeUndefined();
    expect(changed({ socket: 4_294_967_296 })).toBeUndefined();
    expect(changed({ direction: null })).toBeUndefined();
    expect(changed({ text: undefined })).toBeUndefined();
    expect(changed({ text: undefined, base64: 'no base64!' })).toBeUndefined();
    expect(changed({ tail: 'xx' })).toBeUndefined();
  });

  it('takes any text, and any values in the fields, without throwing', () => {
    fc.assert(
      fc.property(fc.string(), (line) => {
        expect(parseJsonl(line)).toBeUndefined();
      }),
    );
    const keys = [
      'kind',
      'socket',
      'at',
      'text',
      'flags',
      'direction',
      'addresses',
      'errno',
      'head',
      'cause',
      'base64',
    ];
    const kinds = fc.constantFrom('message', 'closed', 'failed', 'resolved', 'accepted');
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...keys), fc.jsonValue()), kinds, (changes, kind) => {
        const line = { socket: 1, at: '2026-03-01T14:05:09.007042Z', kind, ...changes };
        parseJsonl(JSON.stringify(line));
      }),
      cases(200),
    );
  });
});

describe('looksLikeRecord', () => {
  it('knows the lines of an export, complete or truncated', () => {
    const bytes = Buffer.alloc(100_000, 'x');
    const line = formatRecord(jsonlFormat, { ...common, at: 0, kind: 'in', length: bytes.length }, bytes, socket);
    expect(looksLikeRecord(line)).toBe(true);
    expect(looksLikeRecord(line.slice(0, 65_536))).toBe(true);
    expect(looksLikeRecord(line.slice(0, 100))).toBe(true);
    expect(looksLikeRecord(`${line}${line}`)).toBe(true);
  });

  it.each(['', 'notes of mine', '{"name":"package","version":"1"}\n', '[1,2]', '{"kind":"message"}'])(
    'does not take %j for one',
    (text) => {
      expect(looksLikeRecord(text)).toBe(false);
    },
  );
});
