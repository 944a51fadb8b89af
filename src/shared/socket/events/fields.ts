import type { Address } from '../address.ts';
import type { CertificateInfo } from '../terms.ts';

/*
 * The fields of events as data: the type, the tolerant reader of session files and the strict schema of the contract derive
 * from it. No schema library: the command line loads this on every start.
 */

/** What a field holds. */
export type Form =
  | { readonly is: 'text' | 'number' | 'flag' | 'address' }
  | { readonly is: 'one-of'; readonly words: readonly string[] }
  /** Of more elements than `most`, the first are kept. */
  | { readonly is: 'list'; readonly of: Form; readonly most?: number | undefined }
  | { readonly is: 'object'; readonly fields: FieldMap };

export type Field = Form & { readonly isOptional?: true };
export type FieldMap = Readonly<{ [name: string]: Field }>;
/** Fields that have not been checked. */
export type FieldValues = Readonly<Record<string, unknown>>;

type ValueOf<F> = F extends { readonly is: 'text' }
  ? string
  : F extends { readonly is: 'number' }
    ? number
    : F extends { readonly is: 'flag' }
      ? boolean
      : F extends { readonly is: 'address' }
        ? Address
        : F extends { readonly is: 'one-of'; readonly words: readonly (infer Word)[] }
          ? Word
          : F extends { readonly is: 'list'; readonly of: infer Of }
            ? readonly ValueOf<Of>[]
            : F extends { readonly is: 'object'; readonly fields: infer Fields }
              ? ValuesOf<Fields>
              : never;

/** The values of fields, with those that are optional left out or `undefined`. */
export type ValuesOf<Fields> = {
  readonly [Name in keyof Fields as Fields[Name] extends { readonly isOptional: true } ? never : Name]: ValueOf<
    Fields[Name]
  >;
} & {
  readonly [Name in keyof Fields as Fields[Name] extends { readonly isOptional: true } ? Name : never]?:
    | ValueOf<Fields[Name]>
    | undefined;
};

export const text = { is: 'text' } as const;
export const number = { is: 'number' } as const;
export const flag = { is: 'flag' } as const;
export const address = { is: 'address' } as const;

/** A field that may be missing. */
export function optional<const F extends Form>(form: F): F & { readonly isOptional: true } {
  return { ...form, isOptional: true };
}

/** One of these words. */
export function oneOf<const Words extends readonly string[]>(words: Words) {
  return { is: 'one-of', words } as const;
}

/** A list; the elements that are not whole are left out when it is read. */
export function listOf<const Of extends Form>(of: Of, most?: number) {
  return { is: 'list', of, most } as const;
}

/** Limits the certificates of a chain: a longer chain is an attack. */
const maxChain = 20;

/** The peer's certificate, then those that signed it. */
export const certificates = listOf(
  {
    is: 'object',
    fields: { subject: text, issuer: text, names: listOf(text), validFrom: number, validTo: number, fingerprint: text },
  },
  maxChain,
) satisfies { readonly of: { readonly fields: { readonly [Name in keyof CertificateInfo]: Field } } };

/** Reads fields as if an enemy had written them; `undefined` where one that is needed is not whole. Never throws. */
export function readFields(fields: FieldMap, from: FieldValues): Record<string, unknown> | undefined {
  const values: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    const value = readField(field, from[name], field.isOptional === true);
    if (value !== undefined) values[name] = value;
    else if (field.isOptional !== true) return undefined;
  }
  return values;
}

/** `exact`: a text or number of another type is `undefined` instead of empty or 0. */
function readField(form: Form, value: unknown, exact: boolean): unknown {
  switch (form.is) {
    case 'text':
      return typeof value === 'string' ? value : exact ? undefined : '';
    case 'number':
      return Number.isFinite(value) ? value : exact ? undefined : 0;
    case 'flag':
      return value === true || (exact ? undefined : false);
    case 'one-of':
      return form.words.find((word) => word === value);
    case 'address':
      return addressOf(value);
    case 'object':
      return isObject(value) ? readFields(form.fields, value) : undefined;
    case 'list': {
      const list = Array.isArray(value) ? value.map((element) => readField(form.of, element, true)) : [];
      return list.filter((element) => element !== undefined).slice(0, form.most);
    }
  }
}

function addressOf(value: unknown): Address | undefined {
  if (!isObject(value)) return undefined;
  const { host, port, family } = value;
  if (typeof host !== 'string' || typeof port !== 'number' || !Number.isFinite(port)) return undefined;
  return family === 4 || family === 6 || family === 'local' ? { host, port, family } : undefined;
}

/** Returns true for an object of JSON: not a list, not null. */
export function isObject(value: unknown): value is FieldValues {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
