import type { Address } from '../address.ts';
import type { ExplainedCall } from '../python-words.ts';
import type { SocketFacts, SocketState } from '../state.ts';
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
type ValuesOf<Fields> = {
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

type Simplified<T> = { readonly [Key in keyof T]: T[Key] };

/** The event of a kind with these fields. */
type EventWith<Kind, Fields> = Simplified<{ readonly kind: Kind } & ValuesOf<Fields>>;

/** The event that a descriptor describes. */
export type EventOf<D> = D extends EventKind<infer Kind, infer Fields> ? EventWith<Kind, Fields> : never;

/**
 * Where the event belongs among the records of its socket: before the first message, with the messages that it is about,
 * after the last received or the last sent one, or after everything.
 */
type Place = 'before-messages' | 'with-messages' | 'after-received' | 'after-sent' | 'last';

/** The parts of a descriptor that do not depend on its fields. */
interface EventFacts<Kind extends string> {
  readonly kind: Kind;
  /** The code in the session file, from 16. Codes are never used again. */
  readonly code: number;
  /** What happened, for the documentation of the session file. */
  readonly help: string;
  /** The emphasis of its row. */
  readonly level?: 'warning' | 'problem';
  /** A session counts it as a problem. */
  readonly isProblem?: true;
  /** It can be the first event of a socket: of one in this role. */
  readonly firstOf?: 'listener' | 'accepted' | 'outgoing';
  readonly place?: Place;
  /** A WebSocket library makes the call as a part of its handshake: on any socket, or on outgoing ones only. */
  readonly handshakePart?: 'any' | 'outgoing';
}

/** The parts of a descriptor that take the event. */
interface EventActions<Event> {
  /** Returns the event as one sentence. */
  text(event: Event): string;
  /** Returns the sentence for a connection that was only observed, where it differs: with the side that acted. */
  observed?(event: Event, socket: SocketFacts): string | undefined;
  /** Returns true where the event is about the framing, and does not apply to the stream with another framing. */
  isAboutFraming?(event: Event): boolean;
  /** Returns what changes in the state of the socket. */
  changes?(event: Event, state: SocketState): Partial<SocketState>;
  /** Returns the calls that it stands for, in Python. `request`: the lines of a WebSocket's HTTP request, where known. */
  calls(event: Event, socket: SocketFacts | undefined, request: readonly string[]): readonly ExplainedCall[];
}

/**
 * One kind of event: its file and its line in the catalogue are all there is to add. The type, the parser, the schema of the
 * contract, the code, the sentence, the state, the calls, the filter's list and the tables of the docs derive from it.
 */
interface EventKind<Kind extends string, Fields extends FieldMap>
  extends EventFacts<Kind>,
    EventActions<EventWith<Kind, Fields>> {
  readonly fields: Fields;
}

/** A descriptor among others: `Event` is any of theirs. */
export interface AnyEventKind<Kind extends string, Event> extends EventFacts<Kind>, EventActions<Event> {
  readonly fields: FieldMap;
}

/** Declares a kind of event: gives the functions the type of its fields. */
export function defineEvent<const Kind extends string, const Fields extends FieldMap>(
  kind: EventKind<Kind, Fields>,
): EventKind<Kind, Fields> {
  return kind;
}
