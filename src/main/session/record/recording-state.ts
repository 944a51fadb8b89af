import type { Failure } from '#shared/failure.ts';

const bucketMs = 100;
const buckets = 10;

/** Counts how many items were added in the last second. Times are milliseconds of a monotonic clock. */
export class RateMeter {
  readonly #counts = new Float64Array(buckets);
  #newest = 0;

  add(count: number, now: number): void {
    this.#advance(now);
    this.#counts[this.#newest % buckets] = (this.#counts[this.#newest % buckets] as number) + count;
  }

  /** Returns how many were added within the second before `now`, to a tenth of a second. */
  perSecond(now: number): number {
    this.#advance(now);
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }

  #advance(now: number): void {
    const bucket = Math.floor(now / bucketMs);
    if (bucket - this.#newest >= buckets) this.#counts.fill(0);
    else for (let empty = this.#newest + 1; empty <= bucket; empty += 1) this.#counts[empty % buckets] = 0;
    this.#newest = Math.max(this.#newest, bucket);
  }
}

interface Loss {
  /** The number of records that are not in the file. */
  readonly records: number;
  /** Why recording has failed. */
  readonly error: Failure | undefined;
  /** The session's file. */
  readonly path: string;
  /** Its intended path, if another file is there. */
  readonly displaced: string | undefined;
}

/** Returns what is missing from a session's file or its place; `undefined` if the file is complete and in its place. */
export function lossOf({ records, error, path, displaced }: Loss): Failure | undefined {
  if (records === 0 && displaced === undefined) return undefined;
  const hint = error?.hint ?? 'Keep other programs from changing the file while it is recorded.';
  const other =
    displaced === undefined
      ? 'another program changed the file'
      : `another program replaced or overwrote “${displaced}”, which is left as it is`;
  const message =
    records === 0 ? `The session is complete in “${path}”` : `${records} records are not in the session file “${path}”`;
  return { code: 'file', message, system: error?.system ?? other, hint };
}

/** Returns `notice`, and before it how many records another program has removed, if any. */
export function removedNotice(records: number, notice: string): string {
  if (records === 0) return notice;
  const removed = `Another program changed the session file: ${records} records are lost.`;
  return notice === '' ? removed : `${removed} ${notice}`;
}

/** Returns `failure` with the number of records lost so far. */
export function withLost(failure: Failure, records: number): Failure {
  const lost = `the last ${records} records could not be written and are lost`;
  return { ...failure, system: failure.system === '' ? lost : `${failure.system}; ${lost}` };
}
