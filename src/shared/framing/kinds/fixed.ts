import { FixedFramer, fixedPadding } from '../counted.ts';
import { canonicalHex, type Framing, hexBytes, noBytes } from '../framing.ts';
import { byteValue, isHexByte, isInRange, sizeValue } from '../values.ts';

interface FixedSpec {
  kind: 'fixed';
  size: number;
  /** The byte with which a shorter message is padded when it is sent. */
  pad: string;
}

/** Messages of a fixed size. Padding belongs to the message, since a reader cannot distinguish it. */
export const fixed: Framing<FixedSpec> = {
  kind: 'fixed',
  words: {
    short: 'fixed length',
    label: 'Fixed length',
    help: 'Every message has the same number of bytes.',
    common: true,
  },
  spellings: [
    {
      text: 'fixed:SIZE[:padHEX]',
      message: 'SIZE bytes (1 to 1048576)',
      sending: 'bytes of the value HEX (`00`) up to SIZE; a longer message is refused',
    },
  ],
  values: {
    size: sizeValue,
    pad: {
      ...byteValue,
      default: '00',
      words: {
        label: 'Padding byte',
        help: 'The byte, in hex, that pads shorter messages when they are sent.',
      },
    },
  },
  adds: ({ size }) => `padding to ${size} bytes`,
  parse(text) {
    const [, digits, pad = '00'] = /^fixed:(\d{1,7})(?::pad(.+))?$/s.exec(text) ?? [];
    const size = Number(digits);
    return isInRange(size, sizeValue) && isHexByte(pad) ? { kind: 'fixed', size, pad: canonicalHex(pad) } : undefined;
  },
  format(spec) {
    const pad = canonicalHex(spec.pad);
    return `fixed:${spec.size}${pad === '00' ? '' : `:pad${pad}`}`;
  },
  createFramer: (spec) => new FixedFramer(spec.size),
  frameAround(spec, size) {
    const tail = fixedPadding(spec.size, hexBytes(spec.pad)[0] as number, size);
    return typeof tail === 'string' ? { problem: tail } : { head: noBytes, tail, keepsTail: true };
  },
};
