import { createFixedFramer, fixedPadding } from '../fixed.ts';
import { canonicalHex, type Framing, hexBytes, isUnframeable, join, noBytes } from '../framing.ts';
import { hexByteProblem, isHexByte, isInRange, sizeRange } from '../values.ts';

interface FixedSpec {
  kind: 'fixed';
  size: number;
  /** The byte that fills up a shorter message when it is sent. */
  pad: string;
}

export const fixed: Framing<FixedSpec> = {
  kind: 'fixed',
  spellings: ['fixed:SIZE[:padHEX]'],
  values: {
    size: { type: 'whole', ...sizeRange },
    pad: { type: 'bytes', least: 1, most: 1, problem: hexByteProblem, default: '00' },
  },
  parse(text) {
    const [, digits, pad = '00'] = /^fixed:(\d{1,7})(?::pad(.+))?$/s.exec(text) ?? [];
    const size = Number(digits);
    return isInRange(size, sizeRange) && isHexByte(pad) ? { kind: 'fixed', size, pad: canonicalHex(pad) } : undefined;
  },
  format(spec) {
    const pad = canonicalHex(spec.pad);
    return `fixed:${spec.size}${pad === '00' ? '' : `:pad${pad}`}`;
  },
  createFramer: (spec) => createFixedFramer(spec.size),
  frameAround: around,
  /** Padding belongs to the message, as it does to its reader. */
  encode(spec, body) {
    const frame = around(spec, body.length);
    return isUnframeable(frame) ? frame : { bytes: join(noBytes, body, frame.tail), head: 0, tail: 0 };
  },
};

function around(spec: FixedSpec, size: number) {
  const tail = fixedPadding(spec.size, hexBytes(spec.pad)[0] as number, size);
  return typeof tail === 'string' ? { problem: tail } : { head: noBytes, tail };
}
