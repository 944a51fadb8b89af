import { z } from 'zod';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Client } from '#shared/contract/client.ts';
import type { Failure } from '#shared/failure.ts';
import type { Pairing, Statistics } from '#shared/statistics/statistics.ts';

/** Minimum time between two counts of a session that grows; counting also takes at most a fifth of the time. */
const refreshMs = 3_000;
const restFactor = 4;

interface StatisticsState {
  /** The last result. It stays visible until the next one arrives. */
  readonly statistics: Statistics | undefined;
  /** The question that `statistics` answers. */
  readonly answered: Question | undefined;
  /** Progress of the count in progress: 0 to 1. */
  readonly progress: number | undefined;
  readonly failure: Failure | undefined;
  /** The user cancelled the count: `statistics` is from an earlier one. */
  readonly cancelled: boolean;
}

export interface Question {
  readonly filter: string;
  readonly pairing: Pairing;
}

interface Timing {
  readonly now: () => number;
  /** Calls `run` after `ms`; returns a function that cancels it. */
  readonly later: (run: () => void, ms: number) => () => void;
}

const realTiming: Timing = {
  now: () => performance.now(),
  later: (run, ms) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** The statistics of one session while they are shown: one count at a time, for the latest question. */
export class StatisticsView {
  readonly store: StoreApi<StatisticsState>;
  readonly #client: Client;
  readonly #session: string;
  readonly #timing: Timing;
  #stopEvents: (() => void) | undefined;
  #question: Question | undefined;
  #job: string | undefined;
  /** True if the question changed during the count in progress. */
  #again = false;
  #total = 0;
  #countedTotal = -1;
  #endedAt = 0;
  #tookMs = 0;
  #stopTimer: (() => void) | undefined;
  #isShown = false;

  constructor(client: Client, session: string, timing: Timing = realTiming) {
    this.#client = client;
    this.#session = session;
    this.#timing = timing;
    this.store = createStore<StatisticsState>(() => ({
      statistics: undefined,
      answered: undefined,
      progress: undefined,
      failure: undefined,
      cancelled: false,
    }));
  }

  /** Counts only while the pane is shown. */
  setShown(shown: boolean): void {
    if (shown === this.#isShown) return;
    this.#isShown = shown;
    this.#stopEvents?.();
    this.#stopEvents = undefined;
    if (!shown) {
      this.cancel();
      return;
    }
    this.#stopEvents = this.#client.subscribe((event) => {
      if (event.kind !== 'job.progress' || event.job !== this.#job || event.total === 0) return;
      this.store.setState({ progress: event.done / event.total });
    });
    this.refresh();
  }

  /** Counts for a new `question`; ignores the same one. */
  ask(question: Question): void {
    if (JSON.stringify(question) === JSON.stringify(this.#question)) return;
    this.#question = question;
    this.refresh();
  }

  /** Counts again: immediately, or after the count in progress has ended. */
  refresh(): void {
    if (!this.#isShown || this.#question === undefined) return;
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    if (this.#job === undefined) {
      void this.#count(this.#question);
      return;
    }
    this.#again = true;
    this.#cancelJob();
  }

  /** Sets the number of records of the session. If it grew, counts again after a delay. */
  setTotal(total: number): void {
    this.#total = total;
    this.#refreshSoon();
  }

  /** Cancels the count in progress; `refresh` or a new question starts another one. */
  cancel(): void {
    this.#again = false;
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    this.#cancelJob();
  }

  #cancelJob(): void {
    if (this.#job !== undefined) void this.#client.call('jobs.cancel', { job: this.#job });
  }

  async #count(question: Question): Promise<void> {
    const { filter, pairing } = question;
    const job = crypto.randomUUID();
    const startedAt = this.#timing.now();
    const total = this.#total;
    this.#job = job;
    this.#again = false;
    this.store.setState({ progress: 0, cancelled: false });
    const input = { session: this.#session, pairing, job, ...(filter === '' ? {} : { filter }) };
    const answer = await this.#client.call('sessions.statistics', input);
    this.#job = undefined;
    if (this.#again) {
      this.refresh();
      return;
    }
    this.#endedAt = this.#timing.now();
    this.#tookMs = this.#endedAt - startedAt;
    this.#countedTotal = total;
    if (answer.ok) {
      this.store.setState({ statistics: answer.value, answered: question, failure: undefined, progress: undefined });
      this.#refreshSoon();
    } else {
      const cancelled = answer.error.code === 'cancelled';
      this.store.setState({ failure: cancelled ? undefined : answer.error, progress: undefined, cancelled });
    }
  }

  #refreshSoon(): void {
    const { cancelled, failure } = this.store.getState();
    const isBusy = this.#job !== undefined || this.#stopTimer !== undefined;
    if (!this.#isShown || isBusy || cancelled || failure || this.#question === undefined) return;
    if (this.#total === this.#countedTotal) return;
    const rest = Math.max(refreshMs, this.#tookMs * restFactor);
    const wait = Math.max(0, this.#endedAt + rest - this.#timing.now());
    this.#stopTimer = this.#timing.later(() => this.refresh(), wait);
  }
}

/** Storage of the last selected pairing. */
const storageKey = 'wirebench.pairing';

const pairingSchema = z.object({
  kind: z.enum(['order', 'path']),
  request: z.string().max(512),
  reply: z.string().max(512),
});

/** The selected pairing. Its paths are kept while replies are paired in order. An empty reply path means the request's. */
type PairingChoice = z.infer<typeof pairingSchema>;

/** Creates the store of the selected pairing, which starts with the last one. */
export function createPairingStore(): StoreApi<PairingChoice> {
  return createStore<PairingChoice>(rememberedPairing);
}

export function selectPairing(store: StoreApi<PairingChoice>, pairing: PairingChoice): void {
  store.setState(pairing);
  try {
    localStorage.setItem(storageKey, JSON.stringify(pairing));
  } catch {
    // Storage is missing or full: the next start pairs in order.
  }
}

/** Returns the pairing for the engine: in order unless there is a path to pair by. */
export function pairingOf({ kind, request, reply }: PairingChoice): Pairing {
  if (kind === 'order' || request.trim() === '') return { kind: 'order' };
  return { kind: 'path', request: request.trim(), reply: reply.trim() || request.trim() };
}

function rememberedPairing(): PairingChoice {
  const none: PairingChoice = { kind: 'order', request: '', reply: '' };
  try {
    const parsed = pairingSchema.safeParse(JSON.parse(localStorage.getItem(storageKey) ?? 'null'));
    return parsed.success ? parsed.data : none;
  } catch {
    return none;
  }
}
