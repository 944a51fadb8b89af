import { asRead } from '../encoding.ts';
import { canonicalHex, type Framing, hexBytes } from '../framing.ts';
import { decodeStx, encodeStx, type StxBytes, StxFramer } from '../stx.ts';
import { byteValue, framingBytes, isHexByte } from '../values.ts';

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

function stxBytes(spec: StxSpec): StxBytes {
  const byteOf = (hex: string) => hexBytes(hex)[0] as number;
  return { stx: byteOf(spec.stx), etx: byteOf(spec.etx), escape: byteOf(spec.escape) };
}
