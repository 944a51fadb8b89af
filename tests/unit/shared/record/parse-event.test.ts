import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeEvent } from '#shared/record/describe.ts';
import { parseSocketEvent, parseSocketInfos } from '#shared/record/parse-event.ts';
import { kindCodes, type RecordKind } from '#shared/record/record.ts';
import type { SocketEvent } from '#shared/socket/event.ts';

const address = { host: '127.0.0.1', port: 1, family: 4 } as const;
const events: SocketEvent[] = [
  { kind: 'listening', local: address, backlog: 5 },
  { kind: 'resolved', name: 'localhost', addresses: [address] },
  { kind: 'connecting', peer: address, attempt: 1, of: 2 },
  { kind: 'accepted', local: address, peer: address, listener: 3 },
  { kind: 'opened', local: address, peer: address, elapsedMs: 1.5 },
  { kind: 'shutdown' },
  { kind: 'ended' },
  { kind: 'paused', reason: 'r' },
  { kind: 'resumed' },
  { kind: 'resumed', reason: 'accept() is called again' },
  { kind: 'limited', limit: 'l', text: 't' },
  { kind: 'problem', text: 't' },
  { kind: 'failed', call: 'bind', errno: 'E', text: 't', address },
  { kind: 'failed', call: 'recv', errno: 'E', text: 't' },
  { kind: 'bound', local: address },
  { kind: 'bound', local: address, joined: '239.1.1.1' },
  { kind: 'waiting', attempt: 2, delayMs: 500 },
  { kind: 'lane', local: address, peer: address, listener: 1 },
  { kind: 'accepted', local: address, peer: address, listener: 3, handshake: 'TLS' },
  { kind: 'opened', local: address, peer: address, elapsedMs: 1, why: 'the first', handshake: 'WebSocket' },
  {
    kind: 'secured',
    protocol: 'TLSv1.3',
    cipher: 'c',
    alpn: 'a',
    serverName: 's',
    trust: 't',
    chain: [{ subject: 's', issuer: 'i', names: ['n'], validFrom: 1, validTo: 2, fingerprint: 'f' }],
    elapsedMs: 3,
  },
  { kind: 'upgraded', url: 'u', protocol: 'p', elapsedMs: 1 },
  { kind: 'reframed', framing: 'line' },
  { kind: 'malformed', framing: 'cobs', offset: 7, text: 't' },
  { kind: 'failed', call: 'handshake', errno: 'E', text: 't' },
  {
    kind: 'opened',
    local: { host: '/s', port: 0, family: 'local' },
    peer: { host: '/s', port: 0, family: 'local' },
    elapsedMs: 1,
  },
  { kind: 'closed', cause: 'local', bytesIn: 1, bytesOut: 2 },
  { kind: 'closed', cause: 'failed', errno: 'E', bytesIn: 1, bytesOut: 2 },
];

describe('parseSocketEvent', () => {
  it.each(events)('reads back $kind as it was written', (event) => {
    expect(parseSocketEvent(JSON.stringify(event), event.kind)).toEqual(event);
  });

  it('covers every kind of event', () => {
    const lifecycle = Object.keys(kindCodes).filter((kind) => kind !== 'in' && kind !== 'out');
    expect(new Set(events.map(({ kind }) => kind))).toEqual(new Set(lifecycle));
  });

  it('refuses an event that is of another kind than its record', () => {
    expect(parseSocketEvent('{"kind":"ended"}', 'shutdown')).toBeUndefined();
  });

  it('gives nothing, or an event that can be shown, for any JSON', () => {
    const kinds = Object.keys(kindCodes) as RecordKind[];
    const field = fc.oneof(fc.constant(address), fc.jsonValue(), fc.constantFrom('bind', 'local', 'peer'));
    const keys = fc.constantFrom('local', 'peer', 'address', 'addresses', 'call', 'cause', 'text', 'name', 'bytesIn');
    fc.assert(
      fc.property(fc.constantFrom(...kinds), fc.dictionary(keys, field), (kind, fields) => {
        const event = parseSocketEvent(JSON.stringify({ ...fields, kind }), kind);
        expect(event === undefined ? '' : describeEvent(event)).toBeTypeOf('string');
      }),
    );
  });

  it('reads the sockets that are whole and leaves out the others', () => {
    const whole = {
      id: 1,
      role: 'accepted',
      transport: 'tcp',
      endpoint: 'e',
      name: 'n',
      local: 'l',
      peer: 'p',
      framing: 'raw',
    };
    expect(parseSocketInfos(JSON.stringify([whole, { id: 2 }, null, 7]))).toEqual([whole]);
    expect(parseSocketInfos('{')).toEqual([]);
    expect(parseSocketInfos('{}')).toEqual([]);
  });
});
