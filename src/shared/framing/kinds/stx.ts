import { asRead } from '../as-it-is.ts';
import { canonicalHex, type Framing, hexBytes } from '../framing.ts';
import { createStxFramer, decodeStx, encodeStx, type StxBytes } from '../stx.ts';
import { hexByteProblem, isHexByte, isStxDistinct, sameStxProblem } from '../values.ts';

interface StxSpec {
  kind: 'stx';
  stx: string;
  etx: string;
  escape: string;
}

const byte = { type: 'bytes', least: 1, most: 1, problem: hexByteProblem } as const;

export const stx: Framing<StxSpec> = {
  kind: 'stx',
  spellings: ['stx[:STX:ETX:ESCAPE]'],
  values: {
    stx: { ...byte, default: '02' },
    etx: { ...byte, default: '03' },
    escape: { ...byte, default: '10' },
  },
  check: (spec) => (isStxDistinct(spec) ? undefined : { value: 'escape', problem: sameStxProblem }),
  parse(text) {
    const [name, ...bytes] = text.split(':');
    if (name !== 'stx') return undefined;
    const [start = '02', end = '03', dle = '10'] = bytes;
    const spec: StxSpec = { kind: 'stx', stx: start, etx: end, escape: dle };
    if (bytes.length === 0) return spec;
    return bytes.length === 3 && bytes.every(isHexByte) && isStxDistinct(spec) ? spec : undefined;
  },
  format(spec) {
    const bytes = [spec.stx, spec.etx, spec.escape].map(canonicalHex).join(':');
    return bytes === '02:03:10' ? 'stx' : `stx:${bytes}`;
  },
  createFramer: (spec) => createStxFramer(stxBytes(spec)),
  needsBody: true,
  encode: (spec, body) => ({ bytes: encodeStx(stxBytes(spec), body), head: 1, tail: 1 }),
  decode: (spec, body) => decodeStx(stxBytes(spec), body),
  asItIs: (spec, bytes) => asRead(createStxFramer(stxBytes(spec)), bytes),
  guesses: ['stx'],
  evidence: (_, message) => (message.length > 3 ? 12 : 2),
};

function stxBytes(spec: StxSpec): StxBytes {
  const byteOf = (hex: string) => hexBytes(hex)[0] as number;
  return { stx: byteOf(spec.stx), etx: byteOf(spec.etx), escape: byteOf(spec.escape) };
}
