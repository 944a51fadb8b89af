import type { FailureCode } from '../failure.ts';

/** The limits of a call's input: well above what any call of the contract needs, and quick to check. */
export const inputLimits = {
  /** Depth of nested arrays and maps. */
  depth: 32,
  /** Values altogether, keys included. */
  values: 262_144,
  /** Elements of one array. The longest list of the contract has 100 000 socket ids. */
  items: 100_000,
  /** Keys of one map. The largest map of the contract has the sizes of all panes, some dozens. */
  keys: 1_024,
  /** Bytes of one text in UTF-8. Binary data have no limit here: the calls that accept them have their own. */
  textBytes: 4 * 1_048_576,
} as const;

/** Keys that can reach the prototype of an object when they are assigned. No call has them. */
export const forbiddenKeys = ['__proto__', 'constructor', 'prototype'] as const;

/** The reason why the input of a call is refused. */
export interface InputProblem {
  readonly code: Extract<FailureCode, 'bad-input' | 'too-large'>;
  readonly system: string;
}

export const inputProblems = {
  depth: { code: 'too-large', system: `values are nested deeper than ${inputLimits.depth} levels` },
  values: { code: 'too-large', system: `more than ${inputLimits.values} values` },
  items: { code: 'too-large', system: `a list has more than ${inputLimits.items} elements` },
  keys: { code: 'too-large', system: `a map has more than ${inputLimits.keys} keys` },
  textBytes: { code: 'too-large', system: `a text has more than ${inputLimits.textBytes} bytes` },
  key: { code: 'bad-input', system: `a key is not a text, or is one of ${forbiddenKeys.join(', ')}` },
  kind: { code: 'bad-input', system: 'a value is of a kind that no call has' },
  malformed: { code: 'bad-input', system: 'the bytes are not MessagePack' },
} as const satisfies Record<string, InputProblem>;

/** The next step after a refused input, which only an outdated or foreign page sends. */
export const inputHint = 'No page of Wirebench sends this: reload the page.';

/**
 * Returns the first violation of `inputLimits` in `input`, or `undefined`. Its time is bounded by the limits and not by the input. Ends
 * on cycles, which are too deep.
 */
export function inputProblem(input: unknown): InputProblem | undefined {
  return new Walk().value(input, 0);
}

class Walk {
  #values = 0;

  value(value: unknown, depth: number): InputProblem | undefined {
    this.#values += 1;
    if (this.#values > inputLimits.values) return inputProblems.values;
    // A character has at least one byte, so a longer text is refused without counting.
    if (typeof value === 'string') return value.length > inputLimits.textBytes ? inputProblems.textBytes : undefined;
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return undefined;
    if (depth >= inputLimits.depth) return inputProblems.depth;
    return Array.isArray(value) ? this.#array(value, depth) : this.#map(value, depth);
  }

  #array(array: readonly unknown[], depth: number): InputProblem | undefined {
    if (array.length > inputLimits.items) return inputProblems.items;
    for (let index = 0; index < array.length; index += 1) {
      const problem = this.value(array[index], depth + 1);
      if (problem) return problem;
    }
    return undefined;
  }

  #map(map: object, depth: number): InputProblem | undefined {
    let count = 0;
    for (const key in map) {
      if (!Object.hasOwn(map, key)) continue;
      count += 1;
      if (count > inputLimits.keys) return inputProblems.keys;
      if ((forbiddenKeys as readonly string[]).includes(key)) return inputProblems.key;
      const problem = this.value(key, depth + 1) ?? this.value(Reflect.get(map, key), depth + 1);
      if (problem) return problem;
    }
    return undefined;
  }
}
