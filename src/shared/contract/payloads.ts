import { z } from 'zod';
import type { EndpointConfig } from '../endpoint/endpoint-config.ts';
import { lineEnds } from '../payload/line-ends.ts';
import { transports } from '../socket/transports.ts';

/*
 * The last payload written for an endpoint is saved between runs. This is its shape, and what identifies an endpoint after a restart.
 */

/** Maximum number of saved payloads; the newest are kept. */
export const maxKeptPayloads = 50;
/** Maximum length of a saved text, in UTF-16 units. A longer one is kept only while its tab is open. */
export const maxKeptText = 256 * 1_024;

/** What identifies an endpoint. A local endpoint has its path as `host` and the port 0. */
export const payloadKeySchema = z.object({
  role: z.enum(['server', 'client']),
  transport: z.enum(transports),
  host: z.string().max(4_096),
  /** As configured: 0 stays 0, regardless of the port that the system assigned. */
  port: z.number().int().min(0).max(65_535),
});
export type PayloadKey = z.infer<typeof payloadKeySchema>;

export const keptPayloadSchema = z.object({
  name: z.string().max(255),
  format: z.enum(['json', 'xml', 'text', 'hex']),
  /** The user selected the format. */
  formatChosen: z.boolean(),
  /** The payload exactly as it is sent: with its line ends and its byte order mark, if any. */
  text: z.string().max(maxKeptText),
  /** The line end of the Enter key. */
  lineEnd: z.enum(lineEnds),
  /** The text differs from the sample or message it came from. */
  changed: z.boolean(),
  /** Add the framing of the socket around the message. */
  frame: z.boolean(),
});
export type KeptPayload = z.infer<typeof keptPayloadSchema>;

/** Returns what identifies the endpoint of `config` after a restart. */
export function payloadKeyOf(config: EndpointConfig): PayloadKey {
  const { role, transport } = config;
  if (config.transport === 'local') return { role, transport, host: config.path, port: 0 };
  return { role, transport, host: config.host, port: config.port };
}

/** Returns `key` as text; only equal keys have equal texts. */
export function payloadKeyText({ role, transport, host, port }: PayloadKey): string {
  return JSON.stringify([role, transport, host, port]);
}
