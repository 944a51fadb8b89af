import type { PayloadFormat } from '../payload/payload.ts';
import { Budget, limits, Refused } from './limits.ts';
import { Instant, isNumeric, reduced } from './values.ts';

/** What a source found, or why not: a sentence without a full stop. */
export type Found<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

/** What templates need from the outside. A source that is missing is not allowed: its filter fails with an error that says so. */
export interface Sources {
  /** Milliseconds since 1970. Read at most once for each message. */
  readonly clock: () => number;
  /** `length` random bytes. */
  readonly randomBytes: (length: number) => Uint8Array;
  /** The content of a file that the caller allows. */
  readonly file?: (path: string) => Found<Uint8Array>;
  /** A variable of the process that the caller allows; `undefined` for others. */
  readonly env?: (name: string) => string | undefined;
  /** The checksum with this name of the catalogue, most significant byte first; `undefined` if there is no such name. */
  readonly checksum?: (name: string, bytes: Uint8Array) => Uint8Array | undefined;
  /**
   * The text of the first result of an XPath expression. The caller gives it, because the XML and XPath libraries are large and are
   * loaded asynchronously with the first query, whereas rendering is synchronous.
   */
  readonly xpath?: (document: Uint8Array, expression: string) => Found<string>;
}

/** The values that a template reads, in this order: `row`, `environment`, then the built-in values of the catalogue. */
export interface Scope {
  /** The current row of the send list. */
  readonly row?: Readonly<Record<string, unknown>>;
  readonly environment?: Readonly<Record<string, unknown>>;
  /** The names of the environment's secrets that have no value on this machine. */
  readonly missingSecrets?: readonly string[];
  /** Of the socket: `localAddress`, `remoteAddress`, `host`, `port`, `name`, `transport`. */
  readonly connection?: Readonly<Record<string, unknown>>;
  /** The payload of the message that was received last on this socket. */
  readonly last?: Uint8Array;
  /** The number of the message in a repeated send, from 1. */
  readonly message?: number;
  /** The last value of each counter. Rendering without an error advances those that the template uses. */
  readonly counters: Map<string, number | bigint>;
  readonly sources: Sources;
}

/** The state of rendering one message. */
export class Run {
  readonly scope: Scope;
  readonly format: PayloadFormat;
  readonly budget = new Budget();
  /** The values of `assign`, `capture` and `for`. */
  readonly locals = new Map<string, unknown>();
  /** The place of the current part in the template. */
  at = 0;
  length = 0;
  /** The offset in the template whose value is wanted, and its value; -1 for none. */
  watchedAt = -1;
  watched: { readonly value: unknown } | undefined;
  #instant: Instant | undefined;
  #counted: Map<string, number | bigint> | undefined;

  constructor(scope: Scope, format: PayloadFormat) {
    this.scope = scope;
    this.format = format;
  }

  /** The time of the message: the same in all its parts. */
  instant(): Instant {
    this.#instant ??= new Instant(this.scope.sources.clock());
    return this.#instant;
  }

  /** Returns the value of a counter for this message: `start` for the first message, then `step` more for each. */
  counter(name: string, start: number | bigint, step: number | bigint): number | bigint {
    const own = this.#counted?.get(name);
    if (own !== undefined) return own;
    const before = this.scope.counters.get(name);
    if (before === undefined && this.scope.counters.size + (this.#counted?.size ?? 0) >= limits.counters) {
      throw new Refused(`There are more than ${limits.counters} counters`);
    }
    const value = before === undefined ? start : sum(before, step);
    this.#counted ??= new Map();
    this.#counted.set(name, value);
    return value;
  }

  /** Stores the counters of this message in the scope. */
  commit(): void {
    if (!this.#counted) return;
    for (const [name, value] of this.#counted) this.scope.counters.set(name, value);
  }
}

/** Returns the exact sum of two integers. Sums of other numbers are rounded. */
export function sum(left: number | bigint, right: number | bigint): number | bigint {
  if (typeof left === 'number' && typeof right === 'number') {
    const result = left + right;
    if (Number.isSafeInteger(result) || !Number.isInteger(left) || !Number.isInteger(right)) return result;
  }
  return isWhole(left) && isWhole(right) ? reduced(BigInt(left) + BigInt(right)) : Number(left) + Number(right);
}

/** Returns true for an integer of any size. */
export function isWhole(value: unknown): value is number | bigint {
  return isNumeric(value) && (typeof value === 'bigint' || Number.isInteger(value));
}

/** Returns the value of `name` outside the template's own variables: the row, then the environment. */
export function lookUp({ row, environment }: Scope, name: string): unknown {
  if (row !== undefined && Object.hasOwn(row, name)) return row[name];
  if (environment !== undefined && Object.hasOwn(environment, name)) return environment[name];
  return undefined;
}
