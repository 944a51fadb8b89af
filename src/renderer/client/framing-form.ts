import { framingSpecSchema } from '#shared/contract/framing-schema.ts';
import { type FramingSpec, formatFraming } from '#shared/framing/spec.ts';
import { schemaWords } from './schema-words.ts';

/** A framing as a form offers it: lines have a choice for each of their ends. */
export const framingChoices = [
  'raw',
  'lf',
  'crlf',
  'json',
  'xml',
  'length',
  'fixed',
  'cr',
  'delimiter',
  'stx',
  'slip',
  'cobs',
  'json-array',
  'http',
  'gap',
] as const;
export type FramingChoice = (typeof framingChoices)[number];

/** What is typed about a framing, right or wrong. Which of it counts is the choice's business. */
export interface FramingForm {
  readonly framing: FramingChoice;
  readonly 'framing.delimiter': string;
  readonly 'framing.keep': boolean;
  readonly 'framing.size': string;
  readonly 'framing.pad': string;
  readonly 'framing.lengthSize': string;
  readonly 'framing.endian': string;
  readonly 'framing.offset': string;
  readonly 'framing.inclusive': boolean;
  readonly 'framing.stx': string;
  readonly 'framing.etx': string;
  readonly 'framing.escape': string;
  readonly 'framing.ms': string;
}
export type FramingField = keyof FramingForm;

const blankFraming: FramingForm = {
  framing: 'raw',
  'framing.delimiter': '03',
  'framing.keep': false,
  'framing.size': '16',
  'framing.pad': '00',
  'framing.lengthSize': '4',
  'framing.endian': 'be',
  'framing.offset': '0',
  'framing.inclusive': false,
  'framing.stx': '02',
  'framing.etx': '03',
  'framing.escape': '10',
  'framing.ms': '50',
};

/** What each choice wants to know beside its name. */
export const framingParameters: Readonly<Record<FramingChoice, readonly Exclude<FramingField, 'framing'>[]>> = {
  raw: [],
  lf: ['framing.keep'],
  crlf: ['framing.keep'],
  cr: ['framing.keep'],
  delimiter: ['framing.delimiter', 'framing.keep'],
  fixed: ['framing.size', 'framing.pad'],
  length: ['framing.lengthSize', 'framing.endian', 'framing.offset', 'framing.inclusive'],
  stx: ['framing.stx', 'framing.etx', 'framing.escape'],
  slip: [],
  cobs: [],
  json: [],
  'json-array': [],
  xml: [],
  http: [],
  gap: ['framing.ms'],
};

const lineEnds: Readonly<Partial<Record<FramingChoice, string>>> = { lf: '0a', crlf: '0d0a', cr: '0d' };

/** The framing's part of a form, filled with what `spec` says. */
export function framingFormOf(spec: FramingSpec): FramingForm {
  const values: Readonly<Record<string, unknown>> = spec;
  const typed: Record<string, string | boolean> = {};
  for (const [key, value] of Object.entries(values)) {
    // A length's size has a field of its own: `varint` is none of a fixed length.
    const field = spec.kind === ('length' as string) && key === 'size' ? 'framing.lengthSize' : `framing.${key}`;
    if (!Object.hasOwn(blankFraming, field)) continue;
    typed[field] = typeof value === 'boolean' ? value : String(value);
  }
  return { ...blankFraming, ...typed, framing: choiceOf(spec) };
}

function choiceOf(spec: FramingSpec): FramingChoice {
  if (spec.kind !== 'delimiter') return framingChoices.find((choice) => choice === spec.kind) ?? 'raw';
  const spelled = formatFraming(spec).replace(/:keep$/, '');
  const lines: Readonly<Record<string, FramingChoice>> = { line: 'lf', 'line:crlf': 'crlf', 'line:cr': 'cr' };
  return lines[spelled] ?? 'delimiter';
}

/** What the form says of the framing, unchecked: the contract's schema says what is wrong with it. */
export function framingOf(form: FramingForm): Readonly<Record<string, unknown>> {
  const { framing } = form;
  const number = (field: 'framing.size' | 'framing.offset' | 'framing.ms' | 'framing.lengthSize') => {
    const text = form[field].trim();
    return /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  };
  const delimiter = lineEnds[framing] ?? form['framing.delimiter'].replace(/\s/g, '');
  const keep = form['framing.keep'] ? { keep: true } : {};
  switch (framing) {
    case 'lf':
    case 'crlf':
    case 'cr':
    case 'delimiter':
      return { kind: 'delimiter', delimiter, ...keep };
    case 'fixed':
      return { kind: 'fixed', size: number('framing.size'), pad: form['framing.pad'].trim() };
    case 'length':
      return {
        kind: 'length',
        size: form['framing.lengthSize'] === 'varint' ? 'varint' : number('framing.lengthSize'),
        endian: form['framing.endian'],
        offset: number('framing.offset'),
        inclusive: form['framing.inclusive'],
      };
    case 'stx':
      return {
        kind: 'stx',
        stx: form['framing.stx'].trim(),
        etx: form['framing.etx'].trim(),
        escape: form['framing.escape'].trim(),
      };
    case 'gap':
      return { kind: 'gap', ms: number('framing.ms') };
    default:
      return { kind: framing };
  }
}

/** The field that the schema's complaint about `path`, inside of a framing, is about. */
export function framingFieldOf(framing: FramingChoice, path: readonly PropertyKey[]): FramingField {
  const [first] = path;
  const parameters = framingParameters[framing];
  if (first === 'size' && framing === 'length') return 'framing.lengthSize';
  return parameters.find((field) => field === `framing.${String(first)}`) ?? parameters.at(-1) ?? 'framing';
}

export type FramingResult =
  | { readonly ok: true; readonly spec: FramingSpec }
  | { readonly ok: false; readonly errors: Readonly<Partial<Record<FramingField, string>>> };

/** Reads the framing's part of a form: the framing, or what is wrong, by field. */
export function readFraming(form: FramingForm): FramingResult {
  const parsed = framingSpecSchema.safeParse(framingOf(form));
  if (parsed.success) return { ok: true, spec: parsed.data };
  const errors: Partial<Record<FramingField, string>> = {};
  for (const issue of parsed.error.issues) errors[framingFieldOf(form.framing, issue.path)] ??= schemaWords(issue);
  return { ok: false, errors };
}
