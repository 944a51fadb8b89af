import type { Pairing, Statistics } from '#shared/statistics/statistics.ts';

/** The statistics of a session, with its name and file size. */
export interface CountedSession {
  readonly name: string;
  readonly fileBytes: number;
  readonly filter: string | undefined;
  readonly pairing: Pairing;
  readonly statistics: Statistics;
}
