import { asRead } from '../as-it-is.ts';
import { type Framing, noBytes } from '../framing.ts';
import { createLengthFramer, lengthHeader } from '../length.ts';
import { isInRange, offsetRange } from '../values.ts';

/** The bytes of a length; `varint` has as many as it needs. */
export const lengthSizes = [1, 2, 4, 8, 'varint'] as const;

export interface LengthSpec {
  kind: 'length';
  size: (typeof lengthSizes)[number];
  endian: 'be' | 'le';
  /** Bytes of header before the length. */
  offset: number;
  /** The length counts the header too. */
  inclusive: boolean;
}

export const length: Framing<LengthSpec> = {
  kind: 'length',
  spellings: [
    'len:1[:atOFFSET][:incl]',
    'len:2be|2le|4be|4le|8be|8le[:atOFFSET][:incl]',
    'len:varint[:atOFFSET][:incl]',
  ],
  values: {
    size: { type: 'choice', of: lengthSizes },
    endian: { type: 'choice', of: ['be', 'le'], default: 'be' },
    offset: { type: 'whole', ...offsetRange, default: 0 },
    inclusive: { type: 'flag', default: false },
  },
  parse(text) {
    const [all, word, endian, digits = '0', inclusive] =
      /^len:(1|2|4|8|varint)(be|le)?(?::at(\d{1,2}))?(:incl)?$/.exec(text) ?? [];
    const size = lengthSizes.find((known) => String(known) === word);
    const offset = Number(digits);
    if (all === undefined || size === undefined || !isInRange(offset, offsetRange)) return undefined;
    if (size === 'varint' && endian !== undefined) return undefined;
    return { kind: 'length', size, endian: endian === 'le' ? 'le' : 'be', offset, inclusive: inclusive !== undefined };
  },
  format(spec) {
    const endian = typeof spec.size === 'number' && spec.size > 1 ? spec.endian : '';
    const offset = spec.offset > 0 ? `:at${spec.offset}` : '';
    return `len:${spec.size}${endian}${offset}${spec.inclusive ? ':incl' : ''}`;
  },
  createFramer: createLengthFramer,
  frameAround(spec, size) {
    const head = lengthHeader(spec, size);
    return typeof head === 'string' ? { problem: head } : { head, tail: noBytes };
  },
  asItIs: (spec, bytes) => asRead(createLengthFramer(spec), bytes),
};
