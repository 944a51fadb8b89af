import { toHex } from '../bytes/hex.ts';
import type { Boundaries } from '../message/boundaries.ts';
import { messageFlags } from '../message/flags.ts';
import { escapeBytes } from './encoding.ts';
import { findOrEnd } from './find.ts';
import { type Ending, type Framer, fillerEnding } from './framer.ts';

/** The four codes, all different: the end of a frame, the escape byte, and the codes that follow it for each of the two. */
export interface SlipCodes {
  readonly end: number;
  readonly escape: number;
  readonly escapedEnd: number;
  readonly escapedEscape: number;
}

const maxHead = 255;

/**
 * A framer for SLIP (RFC 1055): END after each message, and optionally before it. Inside, the escape byte and a code replace END
 * and the escape byte. ENDs before a message are its head, so that empty frames are not messages. An escape byte before any other byte
 * makes the frame malformed, up to its END.
 */
export class SlipFramer implements Framer {
  readonly #frameEnd: number;
  readonly #escapeByte: number;
  readonly #escapedEnd: number;
  readonly #escapedEscape: number;
  #head = 0;
  #inside = false;
  #escaped = false;
  #problem = '';

  constructor(codes: SlipCodes) {
    this.#frameEnd = codes.end;
    this.#escapeByte = codes.escape;
    this.#escapedEnd = codes.escapedEnd;
    this.#escapedEscape = codes.escapedEscape;
  }

  push(chunk: Uint8Array, boundaries: Boundaries): void {
    const length = chunk.length;
    const frameEnd = this.#frameEnd;
    let at = 0;
    // Each is searched for once, not again after each of the other: there may be many of both.
    let nextEnd = -1;
    let nextEscape = -1;
    while (at < length) {
      const byte = chunk[at] as number;
      if (this.#escaped) {
        at = this.#takeEscaped(byte, at);
      } else if (!this.#inside && byte === frameEnd) {
        at += 1;
        this.#takeHead(boundaries, at);
      } else {
        this.#inside = true;
        if (nextEscape < at) nextEscape = findOrEnd(chunk, this.#escapeByte, at);
        if (nextEnd < at) nextEnd = findOrEnd(chunk, frameEnd, at);
        at = Math.min(nextEscape, nextEnd) + 1;
        if (nextEscape < nextEnd) this.#escaped = true;
        else if (nextEnd < length) this.#finish(boundaries, at);
      }
    }
  }

  end(): Ending {
    const was = { head: this.#head, inside: this.#inside };
    this.#begin();
    if (!was.inside) return fillerEnding;
    return { head: was.head, tail: 0, flags: messageFlags.incomplete };
  }

  get pendingHead(): number {
    return this.#head;
  }

  get inside(): boolean {
    return this.#inside;
  }

  #finish(boundaries: Boundaries, end: number): void {
    if (this.#problem === '') boundaries.push(end, this.#head, 1, 0);
    else boundaries.pushMalformed(end, this.#head, 1, this.#problem);
    this.#begin();
  }

  #begin(): void {
    this.#head = 0;
    this.#inside = false;
    this.#escaped = false;
    this.#problem = '';
  }

  #takeHead(boundaries: Boundaries, end: number): void {
    this.#head += 1;
    if (this.#head < maxHead) return;
    this.#head = 0;
    boundaries.push(end, 0, 0, messageFlags.filler);
  }

  /** Processes the byte after an escape byte; returns the offset of the next byte. */
  #takeEscaped(byte: number, at: number): number {
    this.#escaped = false;
    if (byte !== this.#escapedEnd && byte !== this.#escapedEscape && this.#problem === '') {
      this.#problem = `the escape byte ${toHex(Uint8Array.of(this.#escapeByte))} precedes ${toHex(Uint8Array.of(byte))}`;
    }
    return byte === this.#frameEnd ? at : at + 1;
  }
}

/** Escapes `body` and puts it between two ENDs; the first one ends noise on the line. */
export function encodeSlip(codes: SlipCodes, body: Uint8Array): Uint8Array {
  const { end: frameEnd, escape: escapeByte, escapedEnd, escapedEscape } = codes;
  return escapeBytes(body, frameEnd, frameEnd, (byte) => {
    if (byte === frameEnd) return [escapeByte, escapedEnd];
    return byte === escapeByte ? [escapeByte, escapedEscape] : undefined;
  });
}

/** Decodes `body`; returns a view of it if it has no escapes. Invalid escapes stay unchanged. */
export function decodeSlip(codes: SlipCodes, body: Uint8Array): Uint8Array {
  const { end: frameEnd, escape: escapeByte, escapedEnd, escapedEscape } = codes;
  if (!body.includes(escapeByte)) return body;
  const plain = new Uint8Array(body.length);
  let count = 0;
  for (let at = 0; at < body.length; at += 1) {
    let byte = body[at] as number;
    const next = body[at + 1];
    if (byte === escapeByte && (next === escapedEnd || next === escapedEscape)) {
      byte = next === escapedEnd ? frameEnd : escapeByte;
      at += 1;
    }
    plain[count] = byte;
    count += 1;
  }
  return plain.subarray(0, count);
}
