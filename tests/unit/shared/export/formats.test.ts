import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toBase64 } from '#shared/bytes/base64.ts';
import { formatRecord, jsonlFormat } from '#shared/export/formats/jsonl.ts';
import { textFormat } from '#shared/export/formats/text.ts';
import type { Row, SocketInfo } from '#shared/record/record.ts';
import { isoMicros } from '#shared/record/record.ts';

const socket: SocketInfo = {
  id: 3,
  role: 'accepted',
  transport: 'tcp',
  endpoint: 'e',
  name: 'server',
  local: '127.0.0.1:12345',
  peer: '127.0.0.1:51422',
  framing: 'line',
};

function message(bytes: Uint8Array, parts: Partial<Row> = {}): Row {
  const at = Date.UTC(2026, 2, 1, 14, 5, 9, 7) + 0.042;
  const common = { seq: 7, at, kind: 'in', socket: 3, offset: 0, head: 0, tail: 0, flags: 0, preview: '' } as const;
  return { ...common, length: bytes.length, ...parts };
}

const parse = (line: string): unknown => JSON.parse(line);

describe('a record as a JSON line', () => {
  it('writes a message without its framing, and how long it was with it', () => {
    const bytes = Buffer.from('Hello, server!\r\n');
    const line = formatRecord(jsonlFormat, message(bytes, { tail: 2 }), bytes, socket);
    expect(line.endsWith('}\n')).toBe(true);
    expect(parse(line)).toEqual({
      seq: 7,
      at: '2026-03-01T14:05:09.007042Z',
      kind: 'message',
      socket: 3,
      local: '127.0.0.1:12345',
      peer: '127.0.0.1:51422',
      direction: 'in',
      length: 14,
      wire: 16,
      tail: '0d0a',
      text: 'Hello, server!',
    });
  });

  it('writes the flags that are set as words', () => {
    const bytes = Buffer.from('x');
    expect(parse(formatRecord(jsonlFormat, message(bytes, { flags: 39 }), bytes, socket))).toMatchObject({
      flags: ['truncated', 'incomplete', 'malformed', 'part'],
    });
  });

  it('writes a lifecycle event with its own fields and its sentence', () => {
    const peer = { host: '::1', port: 12_345, family: 6 } as const;
    const event = {
      kind: 'failed',
      call: 'connect',
      errno: 'ECONNREFUSED',
      text: 'connection refused',
      address: peer,
    } as const;
    const row = { ...message(new Uint8Array(0)), kind: event.kind, preview: '', event };
    expect(parse(formatRecord(jsonlFormat, row, new Uint8Array(0), socket))).toMatchObject({
      kind: 'failed',
      direction: null,
      length: 0,
      call: 'connect',
      errno: 'ECONNREFUSED',
      address: '[::1]:12345',
      text: 'connect() to [::1]:12345 failed: ECONNREFUSED (connection refused)',
      detail: 'connection refused',
    });
  });

  it('writes the certificates of a TLS handshake as they are', () => {
    const chain = [{ subject: 's', issuer: 'i', names: ['n'], validFrom: 1, validTo: 2, fingerprint: 'f' }];
    const about = { protocol: 'TLSv1.3', cipher: 'c', alpn: '', serverName: '', trust: 't', elapsedMs: 1 };
    const row = {
      ...message(new Uint8Array(0)),
      kind: 'secured',
      event: { kind: 'secured', ...about, chain },
    } as const;
    expect(parse(formatRecord(jsonlFormat, row, new Uint8Array(0), socket))).toMatchObject({ kind: 'secured', chain });
  });

  it('is one line of JSON that holds the bytes exactly, whatever they are', () => {
    const bytes = fc.oneof(
      fc.uint8Array(),
      fc.string({ unit: 'binary' }).map((text) => new Uint8Array(Buffer.from(text))),
    );
    fc.assert(
      fc.property(bytes, fc.nat(2), fc.nat(2), (body, head, tail) => {
        const record = Uint8Array.from([...new Uint8Array(head), ...body, ...new Uint8Array(tail)]);
        const line = formatRecord(jsonlFormat, message(record, { head, tail }), record, undefined);
        expect(line.slice(0, -1)).not.toContain('\n');
        const object = parse(line) as { text?: string; base64?: string; length: number };
        const back = object.text === undefined ? Buffer.from(object.base64 ?? '', 'base64') : Buffer.from(object.text);
        expect(Buffer.compare(back, body)).toBe(0);
        expect(object.length).toBe(body.length);
      }),
    );
  });
});

describe('a record as a line of text', () => {
  it('shows who sent what to whom on one line', () => {
    const bytes = Buffer.from('one\ntwo\u001b[31m\n');
    expect(formatRecord(textFormat, message(bytes, { tail: 1 }), bytes, socket)).toBe(
      '2026-03-01T14:05:09.007042Z  #7  in   127.0.0.1:51422 → 127.0.0.1:12345  12 B  one␊two␛[31m\n',
    );
  });

  it('says what carried a message where that is not TCP, and of a WebSocket which kind it is', () => {
    const bytes = Buffer.from('hi');
    expect(formatRecord(textFormat, message(bytes, { flags: 16 }), bytes, { ...socket, transport: 'wss' })).toBe(
      '2026-03-01T14:05:09.007042Z  #7  in   wss 127.0.0.1:51422 → 127.0.0.1:12345  2 B  (text)  hi\n',
    );
  });

  it('shows bytes that are no text in hex', () => {
    const bytes = Uint8Array.of(0xff, 0x00);
    expect(formatRecord(textFormat, message(bytes, { kind: 'out', flags: 2 }), bytes, undefined)).toBe(
      '2026-03-01T14:05:09.007042Z  #7  out  socket 3 → socket 3  2 B  (incomplete)  hex ff00\n',
    );
  });
});

describe('toBase64', () => {
  it('agrees with Node, also when pieces of three are joined', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(20), (bytes, pieces) => {
        const cut = Math.min(pieces * 3, bytes.length - (bytes.length % 3));
        const joined = toBase64(bytes.subarray(0, cut)) + toBase64(bytes.subarray(cut));
        expect(joined).toBe(Buffer.from(bytes).toString('base64'));
      }),
    );
  });
});

describe('isoMicros', () => {
  it('rounds to the microsecond and carries over', () => {
    expect(isoMicros(0)).toBe('1970-01-01T00:00:00.000000Z');
    expect(isoMicros(999.9999)).toBe('1970-01-01T00:00:01.000000Z');
    expect(isoMicros(1.5)).toBe('1970-01-01T00:00:00.001500Z');
  });
});
