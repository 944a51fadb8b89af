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

/** What the recorder knows of records that are not in the file. */
interface Recorded {
  /** The number that the next record will have. */
  readonly next: number;
  /** The number of records for which there was no memory. */
  readonly lost: number;
}

/** The state of a recording: how far its file is written, why writing has failed, and what is missing from the file. */
export class RecordingState {
  /** Messages per second. */
  readonly rate = new RateMeter();
  /** The session's file, and how many of its bytes are whole blocks. */
  path: string;
  length: number;
  /** The number of records in the file. */
  total = 0;
  /** Why recording has failed. */
  error: Failure | undefined;
  #ratedMessages = 0;
  /** The number of records that another program removed from the file. */
  #removed = 0;
  /** The intended path of the file, if at the end another file is there. */
  #displaced: string | undefined;

  constructor(path: string, length: number) {
    this.path = path;
    this.length = length;
  }

  /** Notes what is in the file, and that `messages` were recorded so far. */
  written(length: number, total: number, messages: number): void {
    this.length = length;
    this.total = total;
    this.rate.add(messages - this.#ratedMessages, performance.now());
    this.#ratedMessages = messages;
  }

  failed(error: Failure, length: number, total: number): void {
    this.error = error;
    this.length = length;
    this.total = total;
  }

  /** Notes that the file was written again, at `path`, and `lost` records are missing from it. */
  mended(path: string, lost: number): void {
    this.path = path;
    this.#removed += lost;
  }

  /** Notes that the file, which should be at `path`, is closed. */
  finish(path: string, { next, lost }: Recorded): void {
    if (this.path !== path) this.#displaced = path;
    const unwritten = next - this.total + lost;
    if (this.error && unwritten > 0) this.error = withLost(this.error, unwritten);
  }

  /** Returns what is missing from the file or its place; `undefined` if the file is complete and in its place. */
  loss({ next, lost }: Recorded): Failure | undefined {
    const { error, path } = this;
    const displaced = this.#displaced;
    const records = this.#removed + (error ? next - this.total + lost : 0);
    if (records === 0 && displaced === undefined) return undefined;
    const hint = error?.hint ?? 'Keep other programs from changing the file while it is recorded.';
    const other =
      displaced === undefined
        ? 'another program changed the file'
        : `another program replaced or overwrote “${displaced}”, which is left as it is`;
    const message =
      records === 0
        ? `The session is complete in “${path}”`
        : `${records} records are not in the session file “${path}”`;
    return { code: 'file', message, system: error?.system ?? other, hint };
  }

  /** Returns `notice`, and before it how many records another program has removed, if any. */
  notice(notice: string): string {
    if (this.#removed === 0) return notice;
    const removed = `Another program changed the session file: ${this.#removed} records are lost.`;
    return notice === '' ? removed : `${removed} ${notice}`;
  }
}

/** Returns `failure` with the number of records lost so far. */
function withLost(failure: Failure, records: number): Failure {
  const lost = `the last ${records} records could not be written and are lost`;
  return { ...failure, system: failure.system === '' ? lost : `${failure.system}; ${lost}` };
}
