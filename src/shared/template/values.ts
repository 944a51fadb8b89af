import { decodeUtf8, encodeUtf8 } from '../bytes/text.ts';
import { type Budget, limits, Refused } from './limits.ts';

/*
 * The values of templates: texts, numbers, integers of any size (bigint beyond 2^53), booleans, null, lists, objects as JSON has them,
 * bytes, and the classes below.
 */

/** The time that was formatted last. */
let latest = { ms: Number.NaN, iso: '' };

/** A point in time. Its text is ISO 8601 in UTC with milliseconds. */
export class Instant {
  readonly ms: number;
  constructor(ms: number) {
    this.ms = ms;
  }
  get iso(): string {
    // A fast send renders many messages in one millisecond.
    if (latest.ms !== this.ms) latest = { ms: this.ms, iso: new Date(this.ms).toISOString() };
    return latest.iso;
  }
}

/** What a `capture` block rendered: written unchanged where a value is expected, because it was escaped within the block. */
export class Rendered {
  readonly content: string | Uint8Array;
  constructor(content: string | Uint8Array) {
    this.content = content;
  }
}

/** The literals `empty` and `blank`, for comparisons only. */
export class Emptiness {
  readonly allowsSpace: boolean;
  constructor(allowsSpace: boolean) {
    this.allowsSpace = allowsSpace;
  }
}

/** Returns true for a number or a bigint. */
export function isNumeric(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** Returns `text` as a number if it spells one in decimal, exactly for integers; otherwise `undefined`. */
export function parseNumber(text: string): number | bigint | undefined {
  if (/^[+-]?\d+$/.test(text)) {
    if (text.length > limits.digits) throw new Refused(`A number has more than ${limits.digits} digits`);
    return reduced(BigInt(text.replace('+', '')));
  }
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?$/.test(text) ? Number(text) : undefined;
}

/** Returns a bigint as a number if that represents it exactly. */
export function reduced(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** Returns the text of `value` as it is written without escapes; throws `Refused` for bytes that are not UTF-8. */
export function toText(value: unknown, budget: Budget): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  if (typeof value !== 'object') return typeof value === 'function' ? '' : String(value);
  if (value instanceof Instant) return value.iso;
  if (value instanceof Rendered) return toText(value.content, budget);
  if (value instanceof Uint8Array) return utf8Text(value, budget);
  if (value instanceof Emptiness) return '';
  return toJson(value, budget);
}

function utf8Text(bytes: Uint8Array, budget: Budget): string {
  budget.charge(bytes.length);
  const text = decodeUtf8(bytes);
  if (text === undefined) throw new Refused('These bytes are not UTF-8 text: write them with `hex` or `base64`');
  return text;
}

/** Returns the bytes of `value`: bytes unchanged, everything else as UTF-8 text. */
export function toBytes(value: unknown, budget: Budget): Uint8Array {
  const content = value instanceof Rendered ? value.content : value;
  if (content instanceof Uint8Array) return content;
  const text = toText(content, budget);
  budget.charge(text.length);
  return encodeUtf8(text);
}

const maxDepth = 64;

/** Returns `value` as JSON without white space. Integers keep all digits; a captured block is written unchanged. */
export function toJson(value: unknown, budget: Budget, depth = 0): string {
  if (depth > maxDepth) throw new Refused(`A value is nested deeper than ${maxDepth} levels`);
  if (value instanceof Rendered) return toText(value, budget);
  if (value === null || value === undefined || typeof value === 'function') return 'null';
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Refused(`JSON has no ${value}`);
  if (typeof value !== 'object') return typeof value === 'string' ? jsonString(value, budget) : String(value);
  if (Array.isArray(value)) {
    budget.charge(value.length + 2);
    return `[${value.map((item) => toJson(item, budget, depth + 1)).join(',')}]`;
  }
  if (isOwnClass(value)) return jsonString(toText(value, budget), budget);
  const entries = keysOf(value, budget).map((key) => [key, ownValue(value, key)] as const);
  const members = entries.map(([key, member]) => `${jsonString(key, budget)}:${toJson(member, budget, depth + 1)}`);
  return `{${members.join(',')}}`;
}

function isOwnClass(value: object): boolean {
  return value instanceof Uint8Array || value instanceof Instant || value instanceof Emptiness;
}

function jsonString(text: string, budget: Budget): string {
  budget.charge(text.length + 3);
  return JSON.stringify(text);
}

/** Returns the member `key` of `value`; `undefined` without one. Only own members are found, never those of a prototype. */
export function readMember(value: unknown, key: unknown, budget: Budget): unknown {
  if (value === null || value === undefined) return undefined;
  if (value instanceof Rendered) return readMember(value.content, key, budget);
  if (typeof value === 'string') return key === 'size' ? value.length : undefined;
  if (typeof value !== 'object') return undefined;
  if (value instanceof Instant) return readInstant(value, key);
  if (Array.isArray(value) || value instanceof Uint8Array) return readItem(value, key);
  const name = typeof key === 'string' || typeof key === 'number' ? key : String(key);
  if (Object.hasOwn(value, name)) return ownValue(value, name);
  return key === 'size' ? keysOf(value, budget).length : undefined;
}

/** Listing a key of a large object costs as much as reading this many characters. */
const keyCost = 16;

/** Returns the own keys of an object. */
export function keysOf(value: object, budget: Budget): readonly string[] {
  const keys = Object.keys(value);
  budget.charge(keys.length * keyCost);
  return keys;
}

function readItem(list: readonly unknown[] | Uint8Array, key: unknown): unknown {
  if (key === 'size') return list.length;
  const index = key === 'first' ? 0 : key === 'last' ? -1 : key;
  if (typeof index !== 'number' || !Number.isInteger(index)) return undefined;
  return list[index < 0 ? list.length + index : index];
}

function readInstant(instant: Instant, key: unknown): unknown {
  if (key === 'ms') return instant.ms;
  if (key === 'unix') return Math.floor(instant.ms / 1_000);
  return key === 'iso' ? instant.iso : undefined;
}

/** Returns the value of an own member that holds data; `undefined` for a function. */
function ownValue(owner: object, name: string | number): unknown {
  const value = (owner as Readonly<Record<string, unknown>>)[name];
  return typeof value === 'function' ? undefined : value;
}

/** Returns false for `false`, `null` and missing values, and true for all others, 0 and empty texts too, as Liquid does. */
export function isTruthy(value: unknown): boolean {
  return value !== false && value !== null && value !== undefined;
}

/** Returns whether two values are equal: numbers by value, lists and objects by their JSON. */
export function areEqual(left: unknown, right: unknown, budget: Budget): boolean {
  if (right instanceof Emptiness) return isEmpty(left, right, budget);
  if (left instanceof Emptiness) return isEmpty(right, left, budget);
  if (isNumeric(left) && isNumeric(right)) return left <= right && left >= right;
  const [one, other] = [plain(left), plain(right)];
  if (typeof one !== 'object' || one === null || typeof other !== 'object' || other === null) {
    const isMixed = one instanceof Uint8Array !== other instanceof Uint8Array;
    if (isMixed && (typeof one === 'string' || typeof other === 'string')) {
      return toText(one, budget) === toText(other, budget);
    }
    if (typeof one === 'string' && typeof other === 'string' && one.length === other.length) budget.charge(one.length);
    return one === other || (isNil(one) && isNil(other));
  }
  return toJson(one, budget) === toJson(other, budget);
}

function isNil(value: unknown): boolean {
  return value === null || value === undefined;
}

function isEmpty(value: unknown, { allowsSpace }: Emptiness, budget: Budget): boolean {
  const it = plain(value);
  if (allowsSpace && (isNil(it) || it === false)) return true;
  if (typeof it === 'string') return (allowsSpace ? it.trim() : it) === '';
  if (Array.isArray(it) || it instanceof Uint8Array) return it.length === 0;
  return typeof it === 'object' && it !== null && keysOf(it, budget).length === 0;
}

/** Returns the content of a captured block and the text of a point in time; other values unchanged. */
export function plain(value: unknown): unknown {
  if (value instanceof Rendered) return value.content;
  return value instanceof Instant ? value.iso : value;
}
