import { asRead } from '../encoding.ts';
import { canonicalHex, type Framing, hexBytes } from '../framing.ts';
import { decodeSlip, encodeSlip, type SlipCodes, SlipFramer } from '../slip.ts';
import { byteValue, isHexByte } from '../values.ts';

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

function slipCodes(spec: SlipSpec): SlipCodes {
  const [end = 0, slipEscape = 0, escapedEnd = 0, escapedEscape = 0] = codesOf(spec).map(
    (code) => hexBytes(code)[0] as number,
  );
  return { end, escape: slipEscape, escapedEnd, escapedEscape };
}
