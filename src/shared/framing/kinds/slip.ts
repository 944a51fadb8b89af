import { toHex } from '../../bytes/hex.ts';
import type { Boundaries } from '../../message/boundaries.ts';
import { messageFlags } from '../../message/flags.ts';
import { asRead, escapeBytes } from '../encoding.ts';
import { type Ending, type Framer, fillerEnding, findOrEnd } from '../framer.ts';
import { canonicalHex, type Framing, hexBytes } from '../framing.ts';
import { byteValue, isHexByte } from '../values.ts';

/** The four codes, all different: the end of a frame, the escape byte, and the codes that follow it for each of the two. */
interface SlipCodes {
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
class SlipFramer implements Framer {
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
function encodeSlip(codes: SlipCodes, body: Uint8Array): Uint8Array {
  const { end: frameEnd, escape: escapeByte, escapedEnd, escapedEscape } = codes;
  return escapeBytes(body, frameEnd, frameEnd, (byte) => {
    if (byte === frameEnd) return [escapeByte, escapedEnd];
    return byte === escapeByte ? [escapeByte, escapedEscape] : undefined;
  });
}

/** Decodes `body`; returns a view of it if it has no escapes. Invalid escapes stay unchanged. */
function decodeSlip(codes: SlipCodes, body: Uint8Array): Uint8Array {
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

interface SlipSpec {
  kind: 'slip';
  end?: string | undefined;
  slipEscape?: string | undefined;
  escapedEnd?: string | undefined;
  escapedEscape?: string | undefined;
}

const byte = { ...byteValue, optional: true } as const;
const usual = ['c0', 'db', 'dc', 'dd'] as const;

/** SLIP, by default with the codes of RFC 1055. */
export const slip: Framing<SlipSpec> = {
  kind: 'slip',
  words: {
    short: 'SLIP',
    label: 'SLIP (RFC 1055)',
    help: 'A message ends with END (C0); END and ESC inside it are escaped.',
  },
  spellings: [
    {
      text: 'slip[:END:ESCAPE:ESCAPEDEND:ESCAPEDESCAPE]',
      message: 'SLIP, RFC 1055: the bytes up to END (`c0`, or the given byte: `slip:7e:7d:5e:5d`)',
      sending: 'END before and after, `db dc` for END and `db dd` for `db` inside; an empty message is refused',
    },
  ],
  wrong: { what: 'the escape byte before any byte but its two codes', resume: 'after the END of the frame' },
  values: {
    end: { ...byte, words: { label: 'END', help: 'In hex. Ends each message. Empty: c0.', unset: 'c0' } },
    slipEscape: {
      ...byte,
      words: { label: 'Escape byte (ESC)', help: 'In hex. Precedes the two codes below. Empty: db.', unset: 'db' },
    },
    escapedEnd: {
      ...byte,
      words: {
        label: 'Code for END',
        help: 'In hex. Replaces END inside a message, after ESC. Empty: dc.',
        unset: 'dc',
      },
    },
    escapedEscape: {
      ...byte,
      words: {
        label: 'Code for ESC',
        help: 'In hex. Replaces ESC inside a message, after ESC. Empty: dd.',
        unset: 'dd',
      },
    },
  },
  adds: () => 'END bytes and escapes',
  check(spec) {
    if (new Set(codesOf(spec)).size === 4) return undefined;
    return { value: 'escapedEscape', problem: 'the four codes of SLIP must differ' };
  },
  parse(text) {
    if (text === 'slip') return { kind: 'slip' };
    const [name, ...codes] = text.toLowerCase().split(':');
    if (name !== 'slip' || codes.length !== 4 || !codes.every(isHexByte) || new Set(codes).size < 4) return undefined;
    const [end, slipEscape, escapedEnd, escapedEscape] = codes;
    return { kind: 'slip', end, slipEscape, escapedEnd, escapedEscape };
  },
  format(spec) {
    const codes = codesOf(spec).join(':');
    return codes === usual.join(':') ? 'slip' : `slip:${codes}`;
  },
  createFramer: (spec) => new SlipFramer(slipCodes(spec)),
  needsBody: true,
  encode(spec, body) {
    if (body.length === 0) return { problem: 'SLIP cannot carry an empty message' };
    return { bytes: encodeSlip(slipCodes(spec), body), head: 1, tail: 1 };
  },
  decode: (spec, body) => decodeSlip(slipCodes(spec), body),
  asItIs: (spec, bytes) => asRead(new SlipFramer(slipCodes(spec)), bytes),
  guesses: ['slip'],
  evidence: (_, message, head) => (message.length > head + 3 ? 8 : 0),
};

function codesOf({ end, slipEscape, escapedEnd, escapedEscape }: SlipSpec): string[] {
  return [end, slipEscape, escapedEnd, escapedEscape].map((code, index) => canonicalHex(code ?? usual[index] ?? ''));
}

/** Returns the four codes of a specification; those of RFC 1055 where it names none. */
export function slipCodes(spec: SlipSpec): SlipCodes {
  const [end = 0, slipEscape = 0, escapedEnd = 0, escapedEscape = 0] = codesOf(spec).map(
    (code) => hexBytes(code)[0] as number,
  );
  return { end, escape: slipEscape, escapedEnd, escapedEscape };
}
