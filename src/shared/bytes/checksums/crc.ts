import type { RunningChecksum } from './algorithm.ts';
import type { CrcRow } from './crc-table.ts';

/**
 * Returns a function that creates a running CRC with the parameters of `row`. The tables are computed with the first one. Up to 32 bits it
 * takes eight bytes a step (“slicing by 8”, Kounavis and Berry 2005), above that one byte.
 */
export function crcFactory(row: CrcRow): () => RunningChecksum {
  const [, width, poly, init, reflected, xorOut] = row;
  const parameters: Parameters = {
    width,
    poly: BigInt(`0x${poly}`),
    init: BigInt(`0x${init}`),
    xorOut: BigInt(`0x${xorOut}`),
    reflectsInput: reflected === 'both' || reflected === 'in',
    reflectsOutput: reflected === 'both' || reflected === 'out',
  };
  let table: Uint32Array | undefined;
  return () => {
    table ??= width <= 32 ? sliceTable(parameters) : wideTable(parameters);
    return width <= 32 ? new NarrowCrc(parameters, table) : new WideCrc(parameters, table);
  };
}

interface Parameters {
  readonly width: number;
  readonly poly: bigint;
  readonly init: bigint;
  readonly xorOut: bigint;
  readonly reflectsInput: boolean;
  readonly reflectsOutput: boolean;
}

/*
 * The register. With reflected input it is reflected too, in the low bits of the words; otherwise it is in the high bits, so
 * that a step is the same for each width.
 */

function reflect(value: bigint, width: number): bigint {
  let result = 0n;
  for (let bit = 0n; bit < width; bit += 1n) if ((value >> bit) & 1n) result |= 1n << (BigInt(width) - 1n - bit);
  return result;
}

/** Returns `value` in its place in a register of `size` bits. */
function placed(value: bigint, { width, reflectsInput }: Parameters, size: number): bigint {
  return reflectsInput ? reflect(value, width) : value << BigInt(size - width);
}

/** Returns the register of `size` bits after one byte from zero. */
function afterByte(byte: number, parameters: Parameters, size: number): bigint {
  const poly = placed(parameters.poly, parameters, size);
  const top = 1n << BigInt(size - 1);
  const all = (1n << BigInt(size)) - 1n;
  let register = parameters.reflectsInput ? BigInt(byte) : BigInt(byte) << BigInt(size - 8);
  for (let bit = 0; bit < 8; bit += 1) {
    if (parameters.reflectsInput) register = register & 1n ? (register >> 1n) ^ poly : register >> 1n;
    else register = register & top ? ((register << 1n) & all) ^ poly : register << 1n;
  }
  return register;
}

/** Returns the checksum for a register of `size` bits. */
function resultOf(
  register: bigint,
  { width, reflectsInput, reflectsOutput, xorOut }: Parameters,
  size: number,
): bigint {
  const value = reflectsInput ? register : register >> BigInt(size - width);
  return (reflectsInput === reflectsOutput ? value : reflect(value, width)) ^ xorOut;
}

const slices = 8;

/** The register after one byte and 0 to 7 zero bytes: eight tables of 256 words. */
function sliceTable(parameters: Parameters): Uint32Array {
  const table = new Uint32Array(slices * 256);
  for (let byte = 0; byte < 256; byte += 1) table[byte] = Number(afterByte(byte, parameters, 32));
  for (let at = 256; at < table.length; at += 1) {
    const before = table[at - 256] as number;
    table[at] = parameters.reflectsInput
      ? (table[before & 0xff] as number) ^ (before >>> 8)
      : (table[before >>> 24] as number) ^ (before << 8);
  }
  return table;
}

/** A CRC of up to 32 bits. */
class NarrowCrc implements RunningChecksum {
  readonly #parameters: Parameters;
  readonly #table: Uint32Array;
  readonly #start: number;
  readonly #xorOut: number;
  #register: number;

  constructor(parameters: Parameters, table: Uint32Array) {
    this.#parameters = parameters;
    this.#table = table;
    this.#start = Number(placed(parameters.init, parameters, 32));
    this.#xorOut = Number(parameters.xorOut);
    this.#register = this.#start;
  }

  reset(): void {
    this.#register = this.#start;
  }

  update(bytes: Uint8Array, from: number, to: number): void {
    const step = this.#parameters.reflectsInput ? updateReflected : updateDirect;
    this.#register = step(this.#table, this.#register, bytes, from, to);
  }

  write(into: Uint8Array, at: number): void {
    const { width, reflectsInput, reflectsOutput } = this.#parameters;
    const register = this.#register;
    // Without a big integer, as each message of a session may be checked. Only CRC-12/UMTS reflects one of both.
    const value =
      reflectsInput === reflectsOutput
        ? (reflectsInput ? register : register >>> (32 - width)) ^ this.#xorOut
        : Number(resultOf(BigInt(register >>> 0), this.#parameters, 32));
    const size = (width + 7) >> 3;
    for (let index = 0; index < size; index += 1) into[at + index] = value >>> (8 * (size - 1 - index));
  }
}

function updateReflected(t: Uint32Array, start: number, b: Uint8Array, from: number, to: number): number {
  let crc = start;
  let at = from;
  for (; at + 8 <= to; at += 8) {
    crc ^= word(b[at + 3], b[at + 2], b[at + 1], b[at]);
    crc =
      (t[1792 + (crc & 0xff)] as number) ^
      (t[1536 + ((crc >>> 8) & 0xff)] as number) ^
      (t[1280 + ((crc >>> 16) & 0xff)] as number) ^
      (t[1024 + (crc >>> 24)] as number) ^
      (t[768 + (b[at + 4] as number)] as number) ^
      (t[512 + (b[at + 5] as number)] as number) ^
      (t[256 + (b[at + 6] as number)] as number) ^
      (t[b[at + 7] as number] as number);
  }
  for (; at < to; at += 1) crc = (t[(crc ^ (b[at] as number)) & 0xff] as number) ^ (crc >>> 8);
  return crc;
}

function updateDirect(t: Uint32Array, start: number, b: Uint8Array, from: number, to: number): number {
  let crc = start;
  let at = from;
  for (; at + 8 <= to; at += 8) {
    crc ^= word(b[at], b[at + 1], b[at + 2], b[at + 3]);
    crc =
      (t[1792 + (crc >>> 24)] as number) ^
      (t[1536 + ((crc >>> 16) & 0xff)] as number) ^
      (t[1280 + ((crc >>> 8) & 0xff)] as number) ^
      (t[1024 + (crc & 0xff)] as number) ^
      (t[768 + (b[at + 4] as number)] as number) ^
      (t[512 + (b[at + 5] as number)] as number) ^
      (t[256 + (b[at + 6] as number)] as number) ^
      (t[b[at + 7] as number] as number);
  }
  for (; at < to; at += 1) crc = (t[((crc >>> 24) ^ (b[at] as number)) & 0xff] as number) ^ (crc << 8);
  return crc;
}

function word(a: number | undefined, b: number | undefined, c: number | undefined, d: number | undefined): number {
  return ((a as number) << 24) | ((b as number) << 16) | ((c as number) << 8) | (d as number);
}

const wideBits = 96;

/** The register of 96 bits after each byte: three words, the highest first. */
function wideTable(parameters: Parameters): Uint32Array {
  const table = new Uint32Array(256 * 3);
  for (let byte = 0; byte < 256; byte += 1) table.set(wordsOf(afterByte(byte, parameters, wideBits)), byte * 3);
  return table;
}

function wordsOf(register: bigint): number[] {
  return [64n, 32n, 0n].map((shift) => Number((register >> shift) & 0xffff_ffffn));
}

/** A CRC of 33 to 96 bits. */
class WideCrc implements RunningChecksum {
  readonly #parameters: Parameters;
  readonly #table: Uint32Array;
  readonly #start: readonly number[];
  readonly #words = new Uint32Array(3);

  constructor(parameters: Parameters, table: Uint32Array) {
    this.#parameters = parameters;
    this.#table = table;
    this.#start = wordsOf(placed(parameters.init, parameters, wideBits));
    this.reset();
  }

  reset(): void {
    this.#words.set(this.#start);
  }

  update(bytes: Uint8Array, from: number, to: number): void {
    const t = this.#table;
    let [high, middle, low] = this.#words as unknown as [number, number, number];
    const { reflectsInput } = this.#parameters;
    for (let at = from; at < to; at += 1) {
      const index = 3 * (((reflectsInput ? low : high >>> 24) ^ (bytes[at] as number)) & 0xff);
      if (reflectsInput) {
        low = ((low >>> 8) | (middle << 24)) ^ (t[index + 2] as number);
        middle = ((middle >>> 8) | (high << 24)) ^ (t[index + 1] as number);
        high = (high >>> 8) ^ (t[index] as number);
      } else {
        high = ((high << 8) | (middle >>> 24)) ^ (t[index] as number);
        middle = ((middle << 8) | (low >>> 24)) ^ (t[index + 1] as number);
        low = (low << 8) ^ (t[index + 2] as number);
      }
    }
    this.#words[0] = high;
    this.#words[1] = middle;
    this.#words[2] = low;
  }

  write(into: Uint8Array, at: number): void {
    let register = 0n;
    for (const one of this.#words) register = (register << 32n) | BigInt(one);
    let value = resultOf(register, this.#parameters, wideBits);
    for (let index = Math.ceil(this.#parameters.width / 8) - 1; index >= 0; index -= 1) {
      into[at + index] = Number(value & 0xffn);
      value >>= 8n;
    }
  }
}
