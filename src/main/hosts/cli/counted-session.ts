import type { Pairing, Statistics } from '#shared/statistics/statistics.ts';

/** What is counted, with the session it is of. */
export interface CountedSession {
  readonly name: string;
  readonly fileBytes: number;
  readonly filter: string | undefined;
  readonly pairing: Pairing;
  readonly statistics: Statistics;
}
