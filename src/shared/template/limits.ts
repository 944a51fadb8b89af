/** The limits of a template. They are counts and not times, so that the same template always ends in the same way. */
export const limits = {
  /** UTF-16 units of a template. */
  length: 4 * 1_048_576,
  /** UTF-16 units between `{{` and `}}`, and between `{%` and `%}`. */
  expression: 4_096,
  /** Texts, outputs and tags of a template. */
  parts: 20_000,
  /** Blocks within blocks. */
  nesting: 32,
  /** Parts rendered and filters applied for one message. */
  steps: 500_000,
  /** UTF-16 units and bytes that the filters of one message process. */
  work: 32 * 1_048_576,
  /** Bytes of one message; UTF-16 units while it is written as text. */
  output: 16 * 1_048_576,
  /** Items of a list, and turns of one loop. */
  items: 100_000,
  /** Counters with names, which are kept between messages. */
  counters: 1_000,
  /** Decimal digits of an integer. */
  digits: 1_000,
} as const;

/** Thrown while a template is parsed or rendered, and caught in this folder. The place is that of the current part unless `at` says another. */
export class Refused extends Error {
  readonly at: number | undefined;
  readonly length: number | undefined;
  constructor(reason: string, at?: number, length?: number) {
    super(reason);
    this.at = at;
    this.length = length;
  }
}

/** Counts the steps and the work of one message. */
export class Budget {
  #steps = 0;
  #work = 0;

  /** Counts a part or a filter; throws `Refused` at the limit. */
  step(): void {
    this.#steps += 1;
    if (this.#steps > limits.steps) {
      throw new Refused(`The template needs more than ${limits.steps} steps: shorten its loops`);
    }
  }

  /** Counts `units` of text or bytes that are read or created; throws `Refused` at the limit. */
  charge(units: number): void {
    if (!(units > 0)) return;
    this.#work += units;
    if (this.#work > limits.work) {
      throw new Refused(`The filters of the template process more than ${limits.work / 1_048_576} MiB for one message`);
    }
  }
}
