import { z } from 'zod';
import type { EndpointConfig } from '../endpoint/endpoint-config.ts';
import { lineEnds } from '../payload/line-ends.ts';
import { transports } from '../socket/transports.ts';

/*
 * The payload that was last written for an endpoint is kept between runs. These are its shape, and what identifies an
 * endpoint over a restart.
 */

/** The most payloads that are kept; the newest stay. */
export const maxKeptPayloads = 50;
/** The longest text that is kept, in UTF-16 units: a longer one lasts as long as its tab. */
export const maxKeptText = 256 * 1_024;

/** What an endpoint is to whoever opens it again: a local one has its path as `host`, and the port 0. */
export const payloadKeySchema = z.object({
  role: z.enum(['server', 'client']),
  transport: z.enum(transports),
  host: z.string().max(4_096),
  /** As it was asked for: 0 stays 0, whatever port the system gave. */
  port: z.number().int().min(0).max(65_535),
});
export type PayloadKey = z.infer<typeof payloadKeySchema>;

export const keptPayloadSchema = z.object({
  name: z.string().max(255),
  format: z.enum(['json', 'xml', 'text', 'hex']),
  /** A person selected the format. */
  formatChosen: z.boolean(),
  /** The payload as it leaves: with its own line ends and, where it has one, its byte order mark. */
  text: z.string().max(maxKeptText),
  /** The line end of the Enter key. */
  lineEnd: z.enum(lineEnds),
  /** The text differs from the sample or message it came from. */
  changed: z.boolean(),
  /** Add what the socket's framing wants around a message. */
  frame: z.boolean(),
});
export type KeptPayload = z.infer<typeof keptPayloadSchema>;

/** Returns what identifies the endpoint of `config` over a restart. */
export function payloadKeyOf({ role, transport, host, path, port }: EndpointConfig): PayloadKey {
  return transport === 'local' ? { role, transport, host: path, port: 0 } : { role, transport, host, port };
}

/** Returns `key` as one text: equal for equal keys alone. */
export function payloadKeyText({ role, transport, host, port }: PayloadKey): string {
  return JSON.stringify([role, transport, host, port]);
}
