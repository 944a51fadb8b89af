import { isUtf8 } from 'node:buffer';
import { toHex } from '#shared/bytes/hex.ts';
import type { EndpointConfig } from '#shared/endpoint/endpoint-config.ts';
import { bodyRange, bytesOfText, StreamTexts } from '#shared/export/record-format.ts';
import { decodeMessage, escapingOf } from '#shared/framing/spec.ts';
import type { Row, SocketInfo } from '#shared/record/record.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';

/** How received bytes are printed: `raw` is byte for byte, the others print one line per message. */
export const outputModes = ['text', 'hex', 'base64', 'raw'] as const;
export type OutputMode = (typeof outputModes)[number];

/**
 * Returns the default output mode of `send` and `listen`: `raw` for a byte stream without framing into a pipe or a file,
 * otherwise `text`.
 */
export function usualMode({ transport, framing }: EndpointConfig, isTerminal: boolean): OutputMode {
  const isRawStream = framing.kind === 'raw' && !abilitiesOf(transport).messageOriented;
  return isRawStream && !isTerminal ? 'raw' : 'text';
}

/** A message as it is printed: text in UTF-8, or bytes encoded as hex or base64. */
type Printable =
  | { readonly kind: 'text'; readonly bytes: Uint8Array }
  | { readonly kind: 'encoded'; readonly text: string };

/**
 * Formats messages, without their framing, for the modes that print one line per message. In mode `text`, a character that
 * is split across two reads is printed with the second, and a message that is not UTF-8 is printed in hex.
 */
export class MessageFormatter {
  readonly #mode: Exclude<OutputMode, 'raw'>;
  readonly #texts = new StreamTexts(isUtf8, { seesAll: true });

  constructor(mode: Exclude<OutputMode, 'raw'>) {
    this.#mode = mode;
  }

  /** Formats a message. `bytes`: all bytes of the record, including framing. `maxEncoded`: how many bytes are encoded at most. */
  format(
    row: Row,
    bytes: Uint8Array,
    socket: SocketInfo | undefined,
    maxEncoded = Number.POSITIVE_INFINITY,
  ): Printable {
    const body = messageBody(row, bytes, socket);
    const shown = body.subarray(0, maxEncoded);
    if (this.#mode === 'base64') return { kind: 'encoded', text: Buffer.from(shown).toString('base64') };
    if (this.#mode === 'hex') return { kind: 'encoded', text: toHex(shown, ' ') };
    const found = this.#texts.take(row, body, socket);
    if (found) return { kind: 'text', bytes: bytesOfText(found, body) };
    return { kind: 'encoded', text: `hex: ${toHex(shown, ' ')}` };
  }

  /** Ends the stream of a closed socket. Returns the text to print for an incomplete character at its end, or ''. */
  forget(socket: number): string {
    const left = this.#texts.forget(socket);
    return left.length === 0 ? '' : `hex: ${toHex(left, ' ')}`;
  }
}

/**
 * Returns the message of a record without its framing and with escapes decoded. Bytes that do not follow the framing are
 * returned as they were on the wire. `bytes`: all bytes of the record.
 */
export function messageBody(row: Row, bytes: Uint8Array, socket: SocketInfo | undefined): Uint8Array {
  const spec = escapingOf(socket?.framing ?? '', row);
  if (spec) return decodeMessage(spec, bytes, row.head, row.tail);
  const { from, to } = bodyRange(row);
  return bytes.subarray(from, to);
}
