import { z } from 'zod';
import { parseHex } from '../bytes/hex.ts';

/** The rule that cuts a byte stream into messages. `delimiter` is hex: `0a`, `0d0a`, `03` … */
export const framingSpecSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('raw') }),
  z.object({
    kind: z.literal('delimiter'),
    delimiter: z
      .string()
      .max(64)
      .refine((text) => {
        const hex = parseHex(text);
        return hex.ok && hex.bytes.length > 0 && hex.bytes.length <= 32;
      }, 'a delimiter is 1 to 32 bytes in hex'),
  }),
  z.object({ kind: z.literal('json') }),
]);

export type FramingSpec = z.infer<typeof framingSpecSchema>;

const named: Readonly<Record<string, FramingSpec>> = {
  raw: { kind: 'raw' },
  line: { kind: 'delimiter', delimiter: '0a' },
  'line:lf': { kind: 'delimiter', delimiter: '0a' },
  'line:crlf': { kind: 'delimiter', delimiter: '0d0a' },
  json: { kind: 'json' },
};

/** What the command line accepts, for its help and its errors. */
export const framingSpellings = ['raw', 'line', 'line:crlf', 'delim:HEX', 'json'] as const;

/** Reads the command line's spelling of a framing (`line`, `line:crlf`, `delim:0d0a`, `json`, `raw`). */
export function parseFraming(text: string): FramingSpec | undefined {
  const known = Object.hasOwn(named, text) ? named[text] : undefined;
  if (known) return known;
  if (!text.startsWith('delim:')) return undefined;
  const parsed = framingSpecSchema.safeParse({ kind: 'delimiter', delimiter: text.slice('delim:'.length) });
  return parsed.success ? parsed.data : undefined;
}

/** The command line's spelling of `spec`, the inverse of `parseFraming`. */
export function formatFraming(spec: FramingSpec): string {
  if (spec.kind !== 'delimiter') return spec.kind;
  const delimiter = spec.delimiter.toLowerCase();
  if (delimiter === '0a') return 'line';
  return delimiter === '0d0a' ? 'line:crlf' : `delim:${delimiter}`;
}
