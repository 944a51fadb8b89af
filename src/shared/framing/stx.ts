import { toHex } from '../bytes/hex.ts';
import type { Boundaries } from '../message/boundaries.ts';
import { messageFlags } from '../message/flags.ts';
import { escapeBytes } from './encoding.ts';
import { findOrEnd } from './find.ts';
import type { Ending, Framer } from './framer.ts';

/** The three control bytes, all different. */
export interface StxBytes {
  readonly stx: number;
  readonly etx: number;
  readonly escape: number;
}

/**
 * A framer for messages between STX and ETX. Inside, the escape byte precedes each of the three bytes. An escape byte before any
 * other byte makes the frame malformed, up to its ETX. An STX inside a frame begins the next frame and makes the current one malformed.
 * Bytes outside frames are one malformed message up to the next STX.
 */
export class StxFramer implements Framer {
  readonly #stx: number;
  readonly #etx: number;
  readonly #escapeByte: number;
  readonly #special: Uint8Array;
  #inside = false;
  #escaped = false;
  /** Bytes outside frames have been read. */
  #strayed = false;
  #problem = '';

  constructor(bytes: StxBytes) {
    this.#stx = bytes.stx;
    this.#etx = bytes.etx;
    this.#escapeByte = bytes.escape;
    this.#special = specialBytes(bytes);
  }

  push(chunk: Uint8Array, boundaries: Boundaries): void {
    const length = chunk.length;
    const escapeByte = this.#escapeByte;
    let at = 0;
    // Each is searched for once, not again after each of the others: there may be many of all three.
    let nextStx = -1;
    let nextEtx = -1;
    let nextEscape = -1;
    while (at < length) {
      if (!this.#inside) {
        at = this.#scanOutside(chunk, at, boundaries);
        continue;
      }
      if (this.#escaped) {
        this.#takeEscaped(chunk[at] as number);
        at += 1;
        continue;
      }
      if (nextStx < at) nextStx = findOrEnd(chunk, this.#stx, at);
      if (nextEtx < at) nextEtx = findOrEnd(chunk, this.#etx, at);
      if (nextEscape < at) nextEscape = findOrEnd(chunk, escapeByte, at);
      at = Math.min(nextStx, nextEtx < nextEscape ? nextEtx : nextEscape);
      if (at === length) return;
      if (at === nextEscape) this.#escaped = true;
      else if (at === nextEtx) this.#finish(boundaries, at + 1);
      else this.#restart(boundaries, at);
      at += 1;
    }
  }

  end(): Ending {
    const wasInside = this.#inside;
    this.#inside = false;
    this.#strayed = false;
    if (wasInside) return { head: 1, tail: 0, flags: messageFlags.incomplete };
    return { head: 0, tail: 0, flags: messageFlags.malformed, problem: noStx };
  }

  get pendingHead(): number {
    return this.#inside ? 1 : 0;
  }

  #begin(): void {
    this.#inside = true;
    this.#escaped = false;
    this.#strayed = false;
    this.#problem = '';
  }

  #scanOutside(chunk: Uint8Array, from: number, boundaries: Boundaries): number {
    const at = chunk.indexOf(this.#stx, from);
    if (at < 0) {
      this.#strayed = true;
      return chunk.length;
    }
    if (this.#strayed || at > from) boundaries.pushMalformed(at, 0, 0, noStx);
    this.#begin();
    return at + 1;
  }

  #takeEscaped(byte: number): void {
    this.#escaped = false;
    if (this.#special[byte] === 0 && this.#problem === '') {
      this.#problem = `the escape byte precedes ${toHex(Uint8Array.of(byte))}`;
    }
  }

  #finish(boundaries: Boundaries, end: number): void {
    this.#inside = false;
    if (this.#problem === '') boundaries.push(end, 1, 1, 0);
    else boundaries.pushMalformed(end, 1, 1, this.#problem);
  }

  /** Handles an STX at `at` inside a frame. */
  #restart(boundaries: Boundaries, at: number): void {
    boundaries.pushMalformed(at, 1, 0, this.#problem || 'a frame begins before the previous one has ended');
    this.#begin();
  }
}

const noStx = 'bytes outside a frame';

function specialBytes(bytes: StxBytes): Uint8Array {
  const special = new Uint8Array(256);
  for (const byte of [bytes.stx, bytes.etx, bytes.escape]) special[byte] = 1;
  return special;
}

/** Puts `body` between STX and ETX, with an escape byte before each control byte. */
export function encodeStx(bytes: StxBytes, body: Uint8Array): Uint8Array {
  const special = specialBytes(bytes);
  return escapeBytes(body, bytes.stx, bytes.etx, (byte) => (special[byte] === 1 ? [bytes.escape, byte] : undefined));
}

/** Removes the escape bytes of `body`; returns a view of it if it has none. Invalid escapes stay unchanged. */
export function decodeStx(bytes: StxBytes, body: Uint8Array): Uint8Array {
  const escapeByte = bytes.escape;
  if (!body.includes(escapeByte)) return body;
  const special = specialBytes(bytes);
  const plain = new Uint8Array(body.length);
  let count = 0;
  for (let at = 0; at < body.length; at += 1) {
    const next = body[at + 1];
    if (body[at] === escapeByte && next !== undefined && special[next] === 1) at += 1;
    plain[count] = body[at] as number;
    count += 1;
  }
  return plain.subarray(0, count);
}
