import { toHex } from '../../bytes/hex.ts';
import type { Boundaries } from '../../message/boundaries.ts';
import { messageFlags } from '../../message/flags.ts';
import { asRead, escapeBytes } from '../encoding.ts';
import { type Ending, type Framer, findOrEnd } from '../framer.ts';
import { canonicalHex, type Framing, hexBytes } from '../framing.ts';
import { byteValue, framingBytes, isHexByte } from '../values.ts';

/** The three control bytes, all different. */
interface StxBytes {
  readonly stx: number;
  readonly etx: number;
  readonly escape: number;
}

/**
 * A framer for messages between STX and ETX. Inside, the escape byte precedes each of the three bytes. An escape byte before any
 * other byte makes the frame malformed, up to its ETX. An STX inside a frame begins the next frame and makes the current one malformed.
 * Bytes outside frames are one malformed message up to the next STX.
 */
class StxFramer implements Framer {
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
function encodeStx(bytes: StxBytes, body: Uint8Array): Uint8Array {
  const special = specialBytes(bytes);
  return escapeBytes(body, bytes.stx, bytes.etx, (byte) => (special[byte] === 1 ? [bytes.escape, byte] : undefined));
}

/** Removes the escape bytes of `body`; returns a view of it if it has none. Invalid escapes stay unchanged. */
function decodeStx(bytes: StxBytes, body: Uint8Array): Uint8Array {
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

interface StxSpec {
  kind: 'stx';
  stx: string;
  etx: string;
  escape: string;
}

/** Messages between STX and ETX, with an escape byte. */
export const stx: Framing<StxSpec> = {
  kind: 'stx',
  words: {
    short: 'STX/ETX',
    label: 'STX/ETX, with escapes',
    help: 'A message is enclosed in a start byte and an end byte; an escape byte precedes these bytes inside it.',
  },
  spellings: [
    {
      text: 'stx[:STX:ETX:ESCAPE]',
      message: 'the bytes between STX (`02`) and ETX (`03`)',
      sending: 'STX and ETX, and the escape byte (DLE, `10`) before each of the three inside',
    },
  ],
  wrong: {
    what: 'bytes outside a frame; STX inside one; an escape before any byte but the three',
    resume: 'at the next STX; for an escape, after the ETX of the frame',
  },
  values: {
    stx: { ...byteValue, default: '02', words: { label: 'Start byte (STX)', help: 'In hex. Begins each message.' } },
    etx: { ...byteValue, default: '03', words: { label: 'End byte (ETX)', help: 'In hex. Ends each message.' } },
    escape: {
      ...byteValue,
      default: '10',
      words: { label: 'Escape byte (DLE)', help: 'In hex. Precedes each of these three bytes inside a message.' },
    },
  },
  check: (spec) =>
    areDistinct(spec) ? undefined : { value: 'escape', problem: 'STX, ETX and the escape byte must differ' },
  adds: () => 'STX, ETX and escapes',
  parse(text) {
    const [name, ...bytes] = text.split(':');
    if (name !== 'stx') return undefined;
    const [start = '02', end = '03', dle = '10'] = bytes;
    const spec: StxSpec = { kind: 'stx', stx: start, etx: end, escape: dle };
    if (bytes.length === 0) return spec;
    return bytes.length === 3 && bytes.every(isHexByte) && areDistinct(spec) ? spec : undefined;
  },
  format(spec) {
    const bytes = [spec.stx, spec.etx, spec.escape].map(canonicalHex).join(':');
    return bytes === '02:03:10' ? 'stx' : `stx:${bytes}`;
  },
  createFramer: (spec) => new StxFramer(stxBytes(spec)),
  needsBody: true,
  encode: (spec, body) => ({ bytes: encodeStx(stxBytes(spec), body), head: 1, tail: 1 }),
  decode: (spec, body) => decodeStx(stxBytes(spec), body),
  asItIs: (spec, bytes) => asRead(new StxFramer(stxBytes(spec)), bytes),
  guesses: ['stx'],
  evidence: (_, message) => (message.length > 3 ? 12 : 2),
};

/** Returns true if the three bytes differ, in any notation. */
function areDistinct(spec: StxSpec): boolean {
  return new Set([spec.stx, spec.etx, spec.escape].map((text) => framingBytes(text)?.[0])).size === 3;
}

/** Returns the three bytes of a specification. */
export function stxBytes(spec: StxSpec): StxBytes {
  const byteOf = (hex: string) => hexBytes(hex)[0] as number;
  return { stx: byteOf(spec.stx), etx: byteOf(spec.etx), escape: byteOf(spec.escape) };
}
