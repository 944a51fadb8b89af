/*
 * What values an option takes, as data: the schema of configurations, the form, the command line and their error messages
 * derive from it. A program that parses no configuration from outside need not load a schema library.
 */

/** One of the values of a choice, and how the form shows it. */
interface Choice<Value extends string = string> {
  readonly value: Value;
  readonly label: string;
}

interface WholeSchema {
  readonly type: 'whole';
  readonly min: number;
  readonly max: number;
  /** What is counted; left out where it is a plain number. */
  readonly unit?: 'bytes' | 'ms';
}

interface TextSchema {
  readonly type: 'text';
  /** UTF-16 units. */
  readonly max: number;
  /** White space around it is not part of it. */
  readonly trim: boolean;
  /** It names a file. */
  readonly file?: true;
  /** Returns what is wrong with a text, as a sentence without a full stop; `undefined` where nothing is. */
  readonly problem?: (text: string) => string | undefined;
}

interface ListSchema {
  readonly type: 'list';
  readonly max: number;
  /** How a person separates the items: `words` by commas or white space, `lines` by line ends. */
  readonly separator: 'words' | 'lines';
  /** Returns an item as it is kept. */
  readonly normalise?: (item: string) => string;
  readonly problem: (item: string) => string | undefined;
}

type SchemaData =
  | { readonly type: 'flag' }
  | WholeSchema
  | TextSchema
  | ListSchema
  | { readonly type: 'choice'; readonly choices: readonly Choice[] }
  | { readonly type: 'framing' }
  | { readonly type: 'behaviour' };

/** The values that an option takes; `value` is there for the type checker only. */
export type ValueSchema<Value = unknown> = SchemaData & { readonly value?: Value };

export const flag: ValueSchema<boolean> = { type: 'flag' };

/** Returns the schema of a whole number between two bounds, which belong to it. */
export function whole(min: number, max: number, unit?: 'bytes' | 'ms'): ValueSchema<number> {
  return unit === undefined ? { type: 'whole', min, max } : { type: 'whole', min, max, unit };
}

/** Returns the schema of one of several words. */
export function choice<const Value extends string>(choices: readonly Choice<Value>[]): ValueSchema<Value> {
  return { type: 'choice', choices };
}

/** Returns the schema of a line of text. */
export function text(max: number, problem?: TextSchema['problem']): ValueSchema<string> {
  const schema = { type: 'text', max, trim: true } as const;
  return problem ? { ...schema, problem } : schema;
}

/** Returns the schema of a list of at most `max` texts. */
export function list(parts: Omit<ListSchema, 'type'>): ValueSchema<string[]> {
  return { type: 'list', ...parts };
}

/** The path of a file, or a reference to one; empty for none. */
export const filePath: ValueSchema<string> = { type: 'text', max: 4_096, trim: true, file: true };

/** The longest wait or delay: a day. Milliseconds. */
export const day = 86_400_000;

/**
 * Returns why `schema` does not accept `value`, as a sentence about `label` without a full stop; `undefined` if it accepts
 * it. The types of framings and behaviours are checked by the schemas of those.
 */
export function valueProblem(schema: ValueSchema, label: string, value: unknown): string | undefined {
  switch (schema.type) {
    case 'flag':
      return typeof value === 'boolean' ? undefined : `${label} must be true or false`;
    case 'whole': {
      const fits = Number.isInteger(value) && Number(value) >= schema.min && Number(value) <= schema.max;
      return fits ? undefined : `${label} must be ${schema.min}–${schema.max}`;
    }
    case 'text':
      return textProblem(schema, label, value);
    case 'choice':
      return schema.choices.some((one) => one.value === value)
        ? undefined
        : `${label} must be one of ${schema.choices.map((one) => one.value).join(', ')}`;
    case 'list':
      return listProblem(schema, label, value);
    case 'framing':
    case 'behaviour':
      return undefined;
  }
}

function textProblem({ max, trim, problem }: TextSchema, label: string, value: unknown): string | undefined {
  if (typeof value !== 'string') return `${label} must be text`;
  const text = trim ? value.trim() : value;
  return problem?.(text) ?? (text.length > max ? `${label} must have at most ${max} characters` : undefined);
}

function listProblem({ max, problem }: ListSchema, label: string, value: unknown): string | undefined {
  if (!Array.isArray(value)) return `${label} must be a list`;
  if (value.length > max) return `${label} must have at most ${max} entries`;
  for (const item of value) {
    const wrong = typeof item === 'string' ? problem(item) : `${label} must be texts`;
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}
