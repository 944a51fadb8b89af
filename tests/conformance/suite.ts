import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '#support/build-setup.ts';

/** One case of an outside suite: the result that the suite calls right, and the one that Wirebench gives. */
export interface Case {
  /** Unique in its suite. */
  readonly name: string;
  readonly right: string;
  readonly actual: string;
}

/** A public test suite, run against Wirebench. */
export interface Suite {
  readonly name: string;
  /** What the suite proves, in a few words, for the table. */
  readonly proves: string;
  /** What has to be on this machine, where that is not data: the beginning of “… is not on this machine”. */
  readonly needs?: string;
  /**
   * Gives its cases; `undefined` where the data of the suite, or what it needs, is not on this machine. `all`: also the cases that take too
   * long for every run.
   */
  cases(all: boolean): Promise<readonly Case[] | undefined>;
  /** Accepted differences: the name of a case, and the reason why Wirebench differs there. */
  readonly differences?: Readonly<Record<string, string>>;
  /** A run may lack some of its cases: the reasons of those are left alone. */
  readonly isPartial?: boolean;
}

/** What came of a suite; `undefined` counts where its data is not here. */
export interface Outcome {
  readonly suite: Suite;
  readonly total: number;
  readonly equal: number;
  /** Cases that differ, with a reason for it. */
  readonly explained: readonly Case[];
  /** Cases that differ without a reason: the run fails. */
  readonly unexplained: readonly Case[];
  /** Reasons for cases that no longer differ or do not exist: the run fails, so that the lists stay true. */
  readonly stale: readonly string[];
}

/** Compares the cases of `suite` with its list of differences. */
export function judge(suite: Suite, cases: readonly Case[]): Outcome {
  const { differences = {}, isPartial = false } = suite;
  const different = cases.filter(({ right, actual }) => right !== actual);
  const names = new Set(different.map(({ name }) => name));
  const ran = new Set(cases.map(({ name }) => name));
  return {
    suite,
    total: cases.length,
    equal: cases.length - different.length,
    explained: different.filter(({ name }) => Object.hasOwn(differences, name)),
    unexplained: different.filter(({ name }) => !Object.hasOwn(differences, name)),
    stale: Object.keys(differences).filter((name) => !names.has(name) && (ran.has(name) || !isPartial)),
  };
}

/** The variable that names the folder of suites that no package carries. */
export const dataVariable = 'WIREBENCH_CONFORMANCE_DATA';

/** The path of `name` in the folder of outside suites, beside the project unless the variable names another one. */
export function outsideData(name: string): string | undefined {
  const path = join(process.env[dataVariable] ?? join(root, '../shared/external'), name);
  return existsSync(path) ? path : undefined;
}
