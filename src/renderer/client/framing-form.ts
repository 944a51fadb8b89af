import { type FramingKind, type FramingSpec, framingOfKind, framings } from '#shared/framing/catalogue.ts';
import type { FramingValue } from '#shared/framing/framing.ts';
import { framingSpecSchema } from '#shared/framing/framing-schema.ts';
import { formatFraming } from '#shared/framing/spec.ts';
import { schemaWords } from './schema-words.ts';

const lineEnds = { lf: '0a', crlf: '0d0a', cr: '0d' } as const;
type LineChoice = keyof typeof lineEnds;

/** A framing as a form offers it: lines have a choice for each of their ends. */
export type FramingChoice = FramingKind | LineChoice;
export const framingChoices: readonly FramingChoice[] = [
  ...(Object.keys(lineEnds) as LineChoice[]),
  ...framings.map(({ kind }) => kind),
];

type Keys<Spec> = Spec extends unknown ? Exclude<keyof Spec, 'kind'> : never;
type ValueName = Keys<FramingSpec>;
type Value<Spec, Name extends string> = Spec extends { readonly [Key in Name]?: infer Of } ? Of : never;
type Typed<Name extends string> = [Value<FramingSpec, Name>] extends [boolean | undefined] ? boolean : string;

/** What is typed about a framing, right or wrong. Which of it counts is the choice's business. */
export type FramingForm = { readonly framing: FramingChoice; readonly 'framing.lengthSize': string } & {
  readonly [Name in ValueName as `framing.${Name}`]: Typed<Name>;
};
export type FramingField = keyof FramingForm;
type Parameter = Exclude<FramingField, 'framing'>;

/** What stands in a field whose value has no default. */
const examples: Readonly<Record<string, string>> = {
  'framing.delimiter': '03',
  'framing.size': '16',
  'framing.lengthSize': '4',
  'framing.ms': '50',
};

const blankFraming: FramingForm = blank();

function blank(): FramingForm {
  const form: Record<string, unknown> = { framing: 'raw' };
  for (const { kind, values } of framings) {
    for (const [name, value] of Object.entries(values)) {
      const field = parameterOf(kind, name);
      if (value.type === 'flag') form[field] = false;
      else form[field] ??= examples[field] ?? String(value.default ?? '');
    }
  }
  return form as FramingForm;
}

/** The field of a value. A length's size has a field of its own: `varint` is none of a fixed length. */
function parameterOf(kind: FramingKind, value: string): Parameter {
  return kind === 'length' && value === 'size' ? 'framing.lengthSize' : (`framing.${value}` as Parameter);
}

/** What each choice wants to know beside its name. */
export const framingParameters: Readonly<Record<FramingChoice, readonly Parameter[]>> = Object.fromEntries([
  ...Object.keys(lineEnds).map((choice) => [choice, ['framing.keep']]),
  ...framings.map(({ kind, values }) => [kind, Object.keys(values).map((value) => parameterOf(kind, value))]),
]);

/** The framing's part of a form, filled with what `spec` says. */
export function framingFormOf(spec: FramingSpec): FramingForm {
  const typed: Record<string, string | boolean> = {};
  for (const [name, value] of Object.entries(spec) as [string, unknown][]) {
    const field = parameterOf(spec.kind, name);
    if (!Object.hasOwn(blankFraming, field) || value === undefined) continue;
    typed[field] = typeof value === 'boolean' ? value : String(value);
  }
  return { ...blankFraming, ...typed, framing: choiceOf(spec) };
}

function choiceOf(spec: FramingSpec): FramingChoice {
  if (spec.kind !== 'delimiter') return spec.kind;
  const spelled = formatFraming(spec).replace(/:keep$/, '');
  const lines: Readonly<Record<string, FramingChoice>> = { line: 'lf', 'line:crlf': 'crlf', 'line:cr': 'cr' };
  return lines[spelled] ?? 'delimiter';
}

function isLine(choice: FramingChoice): choice is LineChoice {
  return Object.hasOwn(lineEnds, choice);
}

/** What the form says of the framing, unchecked: the contract's schema says what is wrong with it. */
export function framingOf(form: FramingForm): Readonly<Record<string, unknown>> {
  const { framing } = form;
  const kind = isLine(framing) ? 'delimiter' : framing;
  const spec: Record<string, unknown> = { kind };
  for (const [name, value] of Object.entries(framingOfKind(kind).values)) {
    const read = readValue(value, form[parameterOf(kind, name)]);
    if (read !== undefined) spec[name] = read;
  }
  return isLine(framing) ? { ...spec, delimiter: lineEnds[framing] } : spec;
}

/** What is typed, as the schema wants it; `undefined` where it is left out. */
function readValue(value: FramingValue, typed: string | boolean): unknown {
  if (value.type === 'flag') return typed || !('optional' in value) ? typed : undefined;
  const text = String(typed).trim();
  if (text === '' && 'optional' in value) return undefined;
  switch (value.type) {
    case 'whole':
      return /^-?\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    case 'choice':
      return value.of.find((choice) => String(choice) === text) ?? text;
    case 'bytes':
      return text.replace(/\s/g, '');
    case 'text':
      return text;
  }
}

/** The field that the schema's complaint about `path`, inside of a framing, is about. */
export function framingFieldOf(framing: FramingChoice, path: readonly PropertyKey[]): FramingField {
  const parameters = framingParameters[framing];
  const field = parameterOf(isLine(framing) ? 'delimiter' : framing, String(path[0]));
  return parameters.includes(field) ? field : (parameters.at(-1) ?? 'framing');
}

type FramingResult =
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
