/** The variable by which `npm run fuzz` multiplies the cases of every property. */
export const effortVariable = 'WIREBENCH_TEST_EFFORT';

/** How many times as many cases as in `npm test` each property tries. */
export const effort = readEffort(process.env[effortVariable]);

/** The cases of a property that says nothing else. */
export const usualCases = 100;

/** How many cases a property tries that needs other than the usual number: `count` in `npm test`, more in `npm run fuzz`. */
export function cases(count: number): { readonly numRuns: number } {
  return { numRuns: count * effort };
}

/** Counts how often a property reaches the branches that it is about. */
export class Reached<Branch extends string> {
  readonly #counts = new Map<Branch, number>();

  note(branch: Branch): void {
    this.#counts.set(branch, this.of(branch) + 1);
  }

  of(branch: Branch): number {
    return this.#counts.get(branch) ?? 0;
  }

  /** Fails unless each of `branches` was reached at least `least` times: a property that never gets there proves nothing. */
  expectEach(branches: readonly Branch[], least = 1): void {
    const missed = branches.filter((branch) => this.of(branch) < least);
    if (missed.length === 0) return;
    const counts = missed.map((branch) => `${branch} ${this.of(branch)} times`).join(', ');
    throw new Error(`the generated cases reached ${counts}, but each should be reached ${least} times`);
  }
}

function readEffort(text = '1'): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 1) return number;
  throw new Error(`${effortVariable} must be a whole number from 1 on, not “${text}”`);
}
