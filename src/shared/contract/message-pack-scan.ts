import { encodeUtf8 } from '../bytes/text.ts';
import { forbiddenKeys, type InputProblem, inputLimits, inputProblems } from './input-limits.ts';

const forbidden = forbiddenKeys.map(encodeUtf8);

/** The number of bytes of a value after its first byte, by that byte. Those with a length field are in `lengthBytes`. */
const fixedBytes: Readonly<Record<number, number>> = {
  192: 0,
  194: 0,
  195: 0,
  202: 4,
  203: 8,
  204: 1,
  205: 2,
  206: 4,
  207: 8,
  208: 1,
  209: 2,
  210: 4,
  211: 8,
};

/** The size of the length field of a text, binary data, an array or a map, by the first byte. */
const lengthBytes: Readonly<Record<number, number>> = {
  196: 1,
  197: 2,
  198: 4,
  217: 1,
  218: 2,
  219: 4,
  220: 2,
  221: 4,
  222: 2,
  223: 4,
};

/**
 * Returns the first violation in `bytes`, one value of MessagePack, of `inputLimits` or of MessagePack itself; `undefined` if it can be
 * decoded. Decodes and allocates nothing, and stops at the violation, so that its time is bounded by the limits. Refuses extension
 * types, which no call has.
 */
export function messagePackProblem(bytes: Uint8Array): InputProblem | undefined {
  const scan = new Scan(bytes);
  const problem = scan.value(0, false);
  return problem ?? (scan.at === bytes.length ? undefined : inputProblems.malformed);
}

class Scan {
  readonly #bytes: Uint8Array;
  at = 0;
  #values = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  value(depth: number, isKey: boolean): InputProblem | undefined {
    this.#values += 1;
    if (this.#values > inputLimits.values) return inputProblems.values;
    const first = this.#bytes[this.at];
    if (first === undefined) return inputProblems.malformed;
    this.at += 1;
    if (isKey && !isTextCode(first)) return inputProblems.key;
    if (first < 0x80 || first >= 0xe0) return undefined;
    if (first < 0x90) return this.#items(first - 0x80, depth, true);
    if (first < 0xa0) return this.#items(first - 0x90, depth, false);
    if (first < 0xc0) return this.#text(first - 0xa0, isKey);
    const fixed = fixedBytes[first];
    if (fixed !== undefined) return this.#skip(fixed);
    const width = lengthBytes[first];
    if (width === undefined) return first === 0xc1 ? inputProblems.malformed : inputProblems.kind;
    const length = this.#length(width);
    if (length === undefined) return inputProblems.malformed;
    if (first <= 0xc6) return this.#skip(length);
    if (first <= 0xdb) return this.#text(length, isKey);
    return this.#items(length, depth, first >= 0xde);
  }

  #length(width: number): number | undefined {
    if (this.at + width > this.#bytes.length) return undefined;
    let length = 0;
    for (let index = 0; index < width; index += 1) length = length * 256 + (this.#bytes[this.at + index] as number);
    this.at += width;
    return length;
  }

  #skip(length: number): InputProblem | undefined {
    this.at += length;
    return this.at > this.#bytes.length ? inputProblems.malformed : undefined;
  }

  #text(length: number, isKey: boolean): InputProblem | undefined {
    if (length > inputLimits.textBytes) return inputProblems.textBytes;
    if (isKey && forbidden.some((key) => this.#is(key, length))) return inputProblems.key;
    return this.#skip(length);
  }

  #is(key: Uint8Array, length: number): boolean {
    return key.length === length && key.every((byte, index) => this.#bytes[this.at + index] === byte);
  }

  #items(count: number, depth: number, isMap: boolean): InputProblem | undefined {
    if (count > (isMap ? inputLimits.keys : inputLimits.items)) return isMap ? inputProblems.keys : inputProblems.items;
    if (depth >= inputLimits.depth) return inputProblems.depth;
    for (let index = 0; index < count; index += 1) {
      const problem = isMap
        ? (this.value(depth + 1, true) ?? this.value(depth + 1, false))
        : this.value(depth + 1, false);
      if (problem) return problem;
    }
    return undefined;
  }
}

/** Returns true for the first byte of a text: fixstr, str 8, str 16, str 32. */
function isTextCode(first: number): boolean {
  return (first >= 0xa0 && first < 0xc0) || (first >= 0xd9 && first <= 0xdb);
}
