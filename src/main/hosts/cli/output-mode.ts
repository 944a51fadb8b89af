import { isUtf8 } from 'node:buffer';
import { toHex } from '#shared/bytes/hex.ts';
import type { EndpointConfig } from '#shared/endpoint/endpoint-config.ts';
import { bytesOfText, StreamTexts } from '#shared/export/stream-text.ts';
import type { Row, SocketInfo } from '#shared/record/record.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import { messageBody } from './message-body.ts';

/** How received bytes are printed: `raw`, byte for byte, or a message a line. */
export const outputModes = ['text', 'hex', 'raw', 'base64'] as const;
export type OutputMode = (typeof outputModes)[number];

/**
 * Returns how `send` and `listen` print what they receive where nothing is said of it: a stream that no framing splits goes
 * into a pipe or a file as it came, anything else is text.
 */
export function usualMode({ transport, framing }: EndpointConfig, isTerminal: boolean): OutputMode {
  const isRawStream = framing.kind === 'raw' && !abilitiesOf(transport).messageOriented;
  return isRawStream && !isTerminal ? 'raw' : 'text';
}

/** A message as it is printed; of text, its bytes in UTF-8. */
type Printable =
  | { readonly kind: 'text'; readonly bytes: Uint8Array }
  | { readonly kind: 'words'; readonly words: string };

/**
 * Makes what is printed of a message, without its framing, in a mode that has a line for each. In `text`, a character that
 * two reads of a stream split comes with the second, and what is not UTF-8 is in hex.
 */
export class MessageWords {
  readonly #mode: Exclude<OutputMode, 'raw'>;
  readonly #texts = new StreamTexts(isUtf8, { seesAll: true });

  constructor(mode: Exclude<OutputMode, 'raw'>) {
    this.#mode = mode;
  }

  /** `bytes`: all of the record's, framing included. At most `most` bytes of the message are put in words. */
  of(row: Row, bytes: Uint8Array, socket: SocketInfo | undefined, most = Number.POSITIVE_INFINITY): Printable {
    const body = messageBody(row, bytes, socket);
    const shown = body.subarray(0, most);
    if (this.#mode === 'base64') return { kind: 'words', words: Buffer.from(shown).toString('base64') };
    if (this.#mode === 'hex') return { kind: 'words', words: toHex(shown, ' ') };
    const found = this.#texts.take(row, body, socket);
    if (found) return { kind: 'text', bytes: bytesOfText(found, body) };
    return { kind: 'words', words: `hex: ${toHex(shown, ' ')}` };
  }

  /** Forgets what waits of a socket that is closed. Returns what is printed of a character that has not come whole. */
  forget(socket: number): string {
    const left = this.#texts.forget(socket);
    return left.length === 0 ? '' : `hex: ${toHex(left, ' ')}`;
  }
}
