import { z } from 'zod';
import { type FramingSpec, framings } from './catalogue.ts';
import type { Framing, FramingValue } from './framing.ts';
import { framingBytes } from './values.ts';

function valueSchema(value: FramingValue): z.ZodType {
  const schema = neededSchema(value);
  if ('optional' in value) return schema.optional();
  return value.default === undefined ? schema : schema.default(value.default);
}

function neededSchema(value: FramingValue): z.ZodType {
  switch (value.type) {
    case 'whole':
      return z.number().int().min(value.least, value.problem).max(value.most, value.problem);
    case 'bytes': {
      const isRight = (text: string) => {
        const count = text.trim() === '' ? 0 : (framingBytes(text)?.length ?? -1);
        return count >= value.least && count <= value.most;
      };
      return z
        .string()
        .max(value.most * 8)
        .refine(isRight, value.problem);
    }
    case 'choice':
      return z.literal([...value.of]);
    case 'text':
      return z.string().regex(value.pattern, value.problem);
    case 'flag':
      return z.boolean();
  }
}

type KindSchema = z.ZodObject<{ kind: z.ZodLiteral<string> }>;

/** Creates the schema of one kind of framing from its descriptor. */
function kindSchema(framing: Pick<Framing<FramingSpec>, 'kind' | 'values' | 'check'>): KindSchema {
  const values = Object.entries(framing.values).map(([name, value]) => [name, valueSchema(value)]);
  const object = z.object({ ...Object.fromEntries(values), kind: z.literal(framing.kind as string) });
  return (object as unknown as KindSchema).check((context) => {
    const wrong = framing.check?.(context.value as unknown as FramingSpec);
    if (!wrong) return;
    context.issues.push({ code: 'custom', message: wrong.problem, path: [wrong.value], input: context.value });
  });
}

const [first, ...others] = framings.map(kindSchema);
if (!first) throw new Error('the catalogue of framings is empty');

/**
 * Parses a framing that is given as data: a kind with its values. The casts connect the schemas, which are created at run time, with
 * the union of the descriptors' types; the tests of the schema parse every kind.
 */
export const framingSpecSchema = z.discriminatedUnion('kind', [first, ...others]) as unknown as z.ZodType<
  FramingSpec,
  FramingSpec
>;
