import { z } from 'zod';
import { type FramingSpec, framingDefaults, lengthSizes } from '../framing/spec.ts';
import {
  delimiterProblem,
  gapRange,
  hexByteProblem,
  isDelimiter,
  isHexByte,
  isStxDistinct,
  offsetRange,
  sameStxProblem,
  sizeRange,
  type WholeRange,
} from '../framing/values.ts';
import type { Shape } from './shape.ts';

const whole = ({ least, most, problem }: WholeRange) => z.number().int().min(least, problem).max(most, problem);
const hexByte = z.string().max(8).refine(isHexByte, hexByteProblem);
const { fixed, length, stx } = framingDefaults;

/** The framing of each kind. */
type Of<Kind extends FramingSpec['kind']> = Shape<Extract<FramingSpec, { kind: Kind }>>;

export const framingSpecSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('raw') }),
  z.object({
    kind: z.literal('delimiter'),
    delimiter: z.string().max(96).refine(isDelimiter, delimiterProblem),
    keep: z.boolean().optional(),
  } satisfies Of<'delimiter'>),
  z.object({
    kind: z.literal('fixed'),
    size: whole(sizeRange),
    pad: hexByte.default(fixed.pad),
  } satisfies Of<'fixed'>),
  z.object({
    kind: z.literal('length'),
    size: z.literal(lengthSizes),
    endian: z.enum(['be', 'le']).default(length.endian),
    offset: whole(offsetRange).default(length.offset),
    inclusive: z.boolean().default(length.inclusive),
  } satisfies Of<'length'>),
  z
    .object({
      kind: z.literal('stx'),
      stx: hexByte.default(stx.stx),
      etx: hexByte.default(stx.etx),
      escape: hexByte.default(stx.escape),
    } satisfies Of<'stx'>)
    .refine(isStxDistinct, sameStxProblem),
  z.object({ kind: z.literal('slip') }),
  z.object({ kind: z.literal('cobs') }),
  z.object({ kind: z.literal('json') }),
  z.object({ kind: z.literal('json-array') }),
  z.object({ kind: z.literal('xml') }),
  z.object({ kind: z.literal('http') }),
  z.object({ kind: z.literal('gap'), ms: whole(gapRange) } satisfies Of<'gap'>),
]);
