import type { z } from 'zod';
import {
  type FramingKind,
  type FramingSpec,
  type FramingVariantName,
  framingOfKind,
  framings,
} from '#shared/framing/catalogue.ts';
import type { FramingValue, FramingWords } from '#shared/framing/framing.ts';
import { framingSpecSchema } from '#shared/framing/framing-schema.ts';
import { protocols } from '#shared/framing/protocols.ts';
import { formatFraming, parseFraming } from '#shared/framing/spec.ts';
import type { SearchItem } from '../ui/search-list.tsx';

/**
 * Short messages in place of zod's defaults, as the option `error` of a parse: zod uses them only for a check that has no message of its
 * own.
 */
export const shortErrors: z.core.$ZodErrorMap = (issue) => {
  if (issue.code === 'too_small') return `at least ${issue.minimum}`;
  if (issue.code === 'too_big') return `at most ${issue.maximum}`;
  if (issue.code === 'invalid_type' && issue.expected === 'number') return 'a whole number is required';
  return undefined;
};

/** A framing that a form lists: a kind, or a kind with fixed values. */
export type FramingChoice = FramingKind | FramingVariantName;

interface Variant {
  readonly kind: FramingKind;
  readonly values: Readonly<Record<string, string>>;
}

const variants: ReadonlyMap<FramingChoice, Variant> = new Map(
  framings.flatMap(({ kind, variants: named = [] }) =>
    named.map(({ name, values }): [FramingChoice, Variant] => [name, { kind, values }]),
  ),
);

export const framingChoices: readonly FramingChoice[] = [...variants.keys(), ...framings.map(({ kind }) => kind)];

/** Returns the kind of a listed framing. */
function kindOf(choice: FramingChoice): FramingKind {
  return variants.get(choice)?.kind ?? (choice as FramingKind);
}

type Keys<Spec> = Spec extends unknown ? Exclude<keyof Spec, 'kind'> : never;
type ValueName = Keys<FramingSpec>;
type Value<Spec, Name extends string> = Spec extends { readonly [Key in Name]?: infer Of } ? Of : never;
type Typed<Name extends string> = [Value<FramingSpec, Name>] extends [boolean | undefined] ? boolean : string;

/** The framing's part of a form, as typed. Which fields are used depends on the framing. */
export type FramingForm = { readonly framing: FramingChoice; readonly 'framing.lengthSize': string } & {
  readonly [Name in ValueName as `framing.${Name}`]: Typed<Name>;
};
export type FramingField = keyof FramingForm;
type Parameter = Exclude<FramingField, 'framing'>;

const blankFraming: FramingForm = blank();

function blank(): FramingForm {
  const form: Record<string, unknown> = { framing: 'raw' };
  for (const { kind, values } of framings) {
    for (const [name, value] of Object.entries(values)) {
      const field = parameterOf(kind, name);
      if (value.type === 'flag') form[field] = false;
      else form[field] ??= value.words.example ?? String(value.default ?? '');
    }
  }
  return form as FramingForm;
}

/** Returns the form's field for a value. */
export function parameterOf(kind: FramingKind, name: string): Parameter {
  return `framing.${framingOfKind(kind).values[name]?.words.field ?? name}` as Parameter;
}

/** The fields for the values of each framing. */
export const framingParameters: Readonly<Record<FramingChoice, readonly Parameter[]>> = Object.fromEntries(
  framingChoices.map((choice): [FramingChoice, readonly Parameter[]] => {
    const kind = kindOf(choice);
    const fixed = variants.get(choice)?.values ?? {};
    const names = Object.keys(framingOfKind(kind).values).filter((name) => !Object.hasOwn(fixed, name));
    return [choice, names.map((name) => parameterOf(kind, name))];
  }),
) as Record<FramingChoice, readonly Parameter[]>;

/** Returns the framing's part of a form for `spec`. */
export function framingFormOf(spec: FramingSpec): FramingForm {
  const typed: Record<string, string | boolean> = {};
  for (const [name, value] of Object.entries(spec) as [string, unknown][]) {
    const field = parameterOf(spec.kind, name);
    if (!Object.hasOwn(blankFraming, field) || value === undefined) continue;
    typed[field] = typeof value === 'boolean' ? value : String(value);
  }
  return { ...blankFraming, ...typed, framing: choiceOf(spec) };
}

/** Returns the variant that frames as `spec` does, or else its kind. */
function choiceOf(spec: FramingSpec): FramingChoice {
  const framing = framingOfKind(spec.kind);
  const same = framing.variants?.find(
    ({ values }) => formatFraming({ ...spec, ...values } as FramingSpec) === formatFraming(spec),
  );
  return same?.name ?? spec.kind;
}

/** Returns the framing of a form, which the contract's schema has to check. */
export function framingOf(form: FramingForm): Readonly<Record<string, unknown>> {
  const { framing } = form;
  const kind = kindOf(framing);
  const spec: Record<string, unknown> = { kind };
  for (const [name, value] of Object.entries(framingOfKind(kind).values)) {
    const read = readValue(value, form[parameterOf(kind, name)]);
    if (read !== undefined) spec[name] = read;
  }
  return { ...spec, ...variants.get(framing)?.values };
}

/** Returns the text of a field as the type that the schema expects; `undefined` if an optional value is empty. */
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

/** Returns the field for an issue of the schema at `path` in a framing. */
export function framingFieldOf(framing: FramingChoice, path: readonly PropertyKey[]): FramingField {
  const parameters = framingParameters[framing];
  const field = parameterOf(kindOf(framing), String(path[0]));
  return parameters.includes(field) ? field : (parameters.at(-1) ?? 'framing');
}

type FramingResult =
  | { readonly ok: true; readonly spec: FramingSpec }
  | { readonly ok: false; readonly errors: Readonly<Partial<Record<FramingField, string>>> };

/** Parses the framing's part of a form: returns the framing, or the errors by field. */
export function readFraming(form: FramingForm): FramingResult {
  const parsed = framingSpecSchema.safeParse(framingOf(form), { error: shortErrors });
  if (parsed.success) return { ok: true, spec: parsed.data };
  const errors: Partial<Record<FramingField, string>> = {};
  for (const issue of parsed.error.issues) errors[framingFieldOf(form.framing, issue.path)] ??= issue.message;
  return { ok: false, errors };
}

/** A framing as a form lists it. */
interface ListedFraming extends FramingWords {
  readonly choice: FramingChoice;
}

const listed: readonly ListedFraming[] = framings.flatMap(({ kind, words, variants = [] }) => [
  ...variants.map((variant) => ({ choice: variant.name, ...variant.words })),
  { choice: kind, ...words },
]);

/** All framings, the common ones first. */
export const framingWords: readonly ListedFraming[] = [
  ...listed.filter(({ common }) => common),
  ...listed.filter(({ common }) => !common),
];

const byChoice = new Map(framingWords.map((words) => [words.choice, words]));

/** Returns the words for a framing. */
export function wordsOf(choice: FramingChoice): FramingWords {
  const words = byChoice.get(choice);
  if (!words) throw new Error(`there is no framing ${choice}`);
  return words;
}

/** A framing or protocol in the list, with the changes that selecting it makes in a form. */
interface FramingItem extends SearchItem {
  readonly change: Partial<FramingForm>;
}

/** All framings, then all protocols with their framing. */
export const framingItems: readonly FramingItem[] = [
  ...framingWords.map(({ choice, label, short, help }) => ({
    id: choice,
    label,
    detail: 'framing',
    words: `${short} ${help}`,
    change: { framing: choice },
  })),
  ...protocols.map(({ name, title, framing }) => ({
    id: `protocol-${name}`,
    label: title,
    detail: framing.length > 24 ? name : framing,
    words: `${name} ${framing} protocol`,
    change: formOf(framing),
  })),
];

function formOf(spelling: string): FramingForm {
  return framingFormOf(parseFraming(spelling) ?? { kind: 'raw' });
}
