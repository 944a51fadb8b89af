import { asRead } from '../as-it-is.ts';
import { canonicalHex, type Framing, hexBytes } from '../framing.ts';
import { createSlipFramer, decodeSlip, encodeSlip, type SlipCodes } from '../slip.ts';
import { hexByteProblem, isHexByte } from '../values.ts';

interface SlipSpec {
  kind: 'slip';
  end?: string | undefined;
  slipEscape?: string | undefined;
  escapedEnd?: string | undefined;
  escapedEscape?: string | undefined;
}

const byte = { type: 'bytes', least: 1, most: 1, problem: hexByteProblem, optional: true } as const;
const usual = ['c0', 'db', 'dc', 'dd'] as const;

/** SLIP, with the codes of RFC 1055 where it has none of its own. */
export const slip: Framing<SlipSpec> = {
  kind: 'slip',
  spellings: ['slip[:END:ESCAPE:ESCAPEDEND:ESCAPEDESCAPE]'],
  values: { end: byte, slipEscape: byte, escapedEnd: byte, escapedEscape: byte },
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
  createFramer: (spec) => createSlipFramer(slipCodes(spec)),
  needsBody: true,
  encode(spec, body) {
    if (body.length === 0) return { problem: 'SLIP has no empty messages' };
    return { bytes: encodeSlip(slipCodes(spec), body), head: 1, tail: 1 };
  },
  decode: (spec, body) => decodeSlip(slipCodes(spec), body),
  asItIs: (spec, bytes) => asRead(createSlipFramer(slipCodes(spec)), bytes),
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
