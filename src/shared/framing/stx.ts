import { toHex } from '../bytes/hex.ts';
import type { Boundaries } from '../message/boundaries.ts';
import { messageFlags } from '../message/flags.ts';
import { escapeBytes } from './escape.ts';
import { findOrEnd } from './find.ts';
import type { Ending, Framer } from './framer.ts';

/** The three control bytes, all different. */
export interface StxBytes {
  readonly stx: number;
  readonly etx: number;
  readonly escape: number;
}

/**
 * Creates a framer for messages between STX and ETX. Inside, the escape byte precedes each of the three bytes. An escape byte before any
 * other byte makes the frame malformed, up to its ETX. An STX inside a frame begins the next frame and makes the current one malformed.
 * Bytes outside frames are one malformed message up to the next STX.
 */
export function createStxFramer(bytes: StxBytes): Framer {
  const { stx, etx, escape: escapeByte } = bytes;
  const special = specialBytes(bytes);
  let inside = false;
  let escaped = false;
  /** Bytes outside frames have been read. */
  let strayed = false;
  let problem = '';

  function begin(): void {
    inside = true;
    escaped = false;
    strayed = false;
    problem = '';
  }

  function scanOutside(chunk: Uint8Array, from: number, boundaries: Boundaries): number {
    const at = chunk.indexOf(stx, from);
    if (at < 0) {
      strayed = true;
      return chunk.length;
    }
    if (strayed || at > from) boundaries.pushMalformed(at, 0, 0, noStx);
    begin();
    return at + 1;
  }

  function endFrame(boundaries: Boundaries, end: number): void {
    inside = false;
    if (problem === '') boundaries.push(end, 1, 1, 0);
    else boundaries.pushMalformed(end, 1, 1, problem);
  }

  function push(chunk: Uint8Array, boundaries: Boundaries): void {
    const length = chunk.length;
    let at = 0;
    // Each is searched for once, not again after each of the others: there may be many of all three.
    let nextStx = -1;
    let nextEtx = -1;
    let nextEscape = -1;
    while (at < length) {
      if (!inside) {
        at = scanOutside(chunk, at, boundaries);
      } else if (escaped) {
        const byte = chunk[at] as number;
        if (special[byte] === 0 && problem === '') {
          problem = `the escape byte precedes ${toHex(Uint8Array.of(byte))}`;
        }
        escaped = false;
        at += 1;
      } else {
        if (nextStx < at) nextStx = findOrEnd(chunk, stx, at);
        if (nextEtx < at) nextEtx = findOrEnd(chunk, etx, at);
        if (nextEscape < at) nextEscape = findOrEnd(chunk, escapeByte, at);
        const next = nextEtx < nextEscape ? nextEtx : nextEscape;
        if (nextStx < next) {
          boundaries.pushMalformed(nextStx, 1, 0, problem || 'a frame begins before the previous one has ended');
          begin();
          at = nextStx + 1;
        } else {
          at = next + 1;
          if (next === length) return;
          if (next === nextEscape) escaped = true;
          else endFrame(boundaries, at);
        }
      }
    }
  }

  function end(): Ending {
    const wasInside = inside;
    inside = false;
    strayed = false;
    if (wasInside) return { head: 1, tail: 0, flags: messageFlags.incomplete };
    return { head: 0, tail: 0, flags: messageFlags.malformed, problem: noStx };
  }

  return {
    push,
    end,
    get pendingHead() {
      return inside ? 1 : 0;
    },
  };
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
