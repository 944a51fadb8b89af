import { z } from 'zod';
import {
  type Address,
  type CertificateInfo,
  closeCauses,
  controlFrames,
  type SocketEvent,
  socketCalls,
  ways,
} from '../socket/event.ts';

/* The events of records as the page receives them. Each schema is checked against its interface. */

const text = z.string();
const number = z.number();
const way = z.enum(ways);
const handshake = z.enum(['TLS', 'WebSocket']).optional();

const address: z.ZodType<Address> = z.object({
  host: text,
  port: number,
  family: z.union([z.literal(4), z.literal(6), z.literal('local')]),
});

const certificate: z.ZodType<CertificateInfo> = z.object({
  subject: text,
  issuer: text,
  names: z.array(text),
  validFrom: number,
  validTo: number,
  fingerprint: text,
});

function event<Kind extends SocketEvent['kind'], Fields extends z.ZodRawShape>(kind: Kind, fields: Fields) {
  return z.object({ kind: z.literal(kind), ...fields });
}

export const socketEventSchema: z.ZodType<SocketEvent> = z.discriminatedUnion('kind', [
  event('listening', { local: address, backlog: number, backlogCap: number.optional() }),
  event('bound', { local: address, joined: text.optional() }),
  event('resolved', { name: text, addresses: z.array(address) }),
  event('connecting', { peer: address, attempt: number, of: number }),
  event('waiting', { attempt: number, delayMs: number }),
  event('accepted', { local: address, peer: address, listener: number, handshake, assumed: text.optional() }),
  event('opened', {
    local: address,
    peer: address,
    elapsedMs: number,
    why: text.optional(),
    handshake,
    assumed: text.optional(),
  }),
  event('peer-added', { local: address, peer: address, listener: number }),
  event('secured', {
    protocol: text,
    cipher: text,
    alpn: text,
    serverName: text,
    trust: text,
    chain: z.array(certificate),
    elapsedMs: number,
    handshake,
  }),
  event('upgraded', { url: text, protocol: text, elapsedMs: number }),
  event('http', { way, lines: z.array(text), body: text.optional(), more: z.boolean().optional() }),
  event('control', { way, frame: z.enum(controlFrames), payload: text }),
  event('reframed', { framing: text }),
  event('malformed', { framing: text, offset: number, text, way: way.optional() }),
  event('shutdown', {}),
  event('ended', {}),
  event('paused', { reason: text }),
  event('resumed', { reason: text.optional() }),
  event('limited', { limit: text, text }),
  event('problem', { text }),
  event('failed', { call: z.enum(socketCalls), errno: text, text, address: address.optional() }),
  event('closed', {
    cause: z.enum(closeCauses),
    errno: text.optional(),
    text: text.optional(),
    bytesIn: number,
    bytesOut: number,
  }),
]);
