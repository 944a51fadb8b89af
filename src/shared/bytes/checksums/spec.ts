import { fail, ok, type Result } from '../../failure.ts';
import { hexDigit, toHex } from '../hex.ts';
import {
  type ChecksumAlgorithm,
  type ChecksumForm,
  checksumForms,
  checksumSize,
  type RunningChecksum,
} from './algorithm.ts';
import { findChecksum, maxChecksumSize } from './catalogue.ts';

/** A checksum at the end of a message: which one, over which bytes, and how it is written. */
export interface ChecksumSpec {
  /** The name of the algorithm in the catalogue. */
  readonly algorithm: string;
  /** The first byte of the payload that it covers; a negative number counts from the payload's end. */
  readonly from: number;
  /** The byte after the last one that it covers; a negative number counts from the payload's end. Without it, all bytes to the end. */
  readonly to?: number | undefined;
  /** The order of its bytes, big-endian or little-endian. */
  readonly order: 'be' | 'le';
  readonly form: ChecksumForm;
}

const defaultOrder = 'be';
/** How the command line spells a checksum. */
export const checksumUsage = 'NAME[:be|:le][:bytes|:hex|:HEX][:fromN][:toN]';
const usage = `Write ${checksumUsage}, such as CRC-16/MODBUS:le`;

/**
 * Parses the spelling of a checksum: `CRC-16/MODBUS:le`, `crc-32:hex`, `xor:from1:to-2`. The parts after the name are optional and in any
 * order: the byte order (default `be`), the form (default that of the algorithm), and the covered bytes (default all). The name may be an
 * alias and in any case; `hex` and `HEX` differ.
 */
export function parseChecksumSpec(text: string): Result<ChecksumSpec> {
  const [name = '', ...parts] = text.trim().split(':');
  const found = findChecksum(name);
  const message = 'Could not read the checksum';
  if (!found)
    return fail('bad-input', message, { system: `“${name}” is not in the catalogue of checksums`, hint: usage });
  const spec: { -readonly [Key in keyof ChecksumSpec]?: ChecksumSpec[Key] } = {};
  for (const part of parts) {
    const read = readPart(part);
    const [key] = Object.keys(read) as (keyof typeof spec)[];
    if (key === undefined)
      return fail('bad-input', message, { system: `“${part}” is not part of a checksum`, hint: usage });
    if (key in spec) return fail('bad-input', message, { system: `“${part}” repeats an earlier part`, hint: usage });
    Object.assign(spec, read);
  }
  return ok({ algorithm: found.name, from: 0, order: defaultOrder, form: found.form, ...spec });
}

function readPart(part: string): Partial<ChecksumSpec> {
  if (part === 'be' || part === 'le') return { order: part };
  const form = checksumForms.find((one) => one === part);
  if (form) return { form };
  const [, end, digits] = /^(from|to)(-?\d{1,9})$/.exec(part) ?? [];
  if (end === undefined) return {};
  // `-0` is 0.
  const offset = Number(digits) + 0;
  return end === 'from' ? { from: offset } : { to: offset };
}

/** Returns the spelling of `spec` without what is the default. Parsing it returns an equal specification. */
export function formatChecksumSpec({ algorithm, from, to, order, form }: ChecksumSpec): string {
  const parts = [algorithm];
  if (order !== defaultOrder) parts.push(order);
  if (form !== findChecksum(algorithm)?.form) parts.push(form);
  if (from !== 0) parts.push(`from${from}`);
  if (to !== undefined) parts.push(`to${to}`);
  return parts.join(':');
}

/** An algorithm with one running checksum, which is used for one message after the other. */
interface Prepared {
  readonly algorithm: ChecksumAlgorithm;
  readonly size: number;
  readonly running: RunningChecksum;
}

const prepared = new Map<string, Prepared>();
const scratch = new Uint8Array(maxChecksumSize);

function prepare(name: string): Prepared {
  const known = prepared.get(name);
  if (known) return known;
  const algorithm = findChecksum(name);
  if (!algorithm) throw new Error(`${name} is not in the catalogue of checksums`);
  const entry = { algorithm, size: checksumSize(algorithm), running: algorithm.create() };
  prepared.set(name, entry);
  return entry;
}

/** Returns the offset that `offset` means in a payload of `length` bytes; it may be outside of the payload. */
function absolute(offset: number, length: number): number {
  return offset < 0 ? length + offset : offset;
}

/**
 * Computes into `scratch`, in the order of `spec`, the checksum for a payload: the first `length` bytes of `bytes`. Returns undefined on
 * success, and otherwise the reason: the covered bytes are outside of the payload, or the algorithm refuses one.
 */
function compute(bytes: Uint8Array, length: number, spec: ChecksumSpec, entry: Prepared): Refusal | undefined {
  const { algorithm, size, running } = entry;
  const to = absolute(spec.to ?? length, length);
  let from = absolute(spec.from, length);
  if (from < 0 || from > to || to > length) return { kind: 'range', at: 0 };
  if (spec.from === 0 && from < to && algorithm.starts.includes(String.fromCharCode(bytes[0] as number))) from += 1;
  const refused = algorithm.refused?.(bytes, from, to) ?? -1;
  if (refused >= 0) return { kind: 'byte', at: refused };
  running.reset();
  running.update(bytes, from, to);
  running.write(scratch, 0);
  if (spec.order === 'le') reverse(size);
  return undefined;
}

/** Reverses the first `size` bytes of `scratch`. */
function reverse(size: number): void {
  for (let low = 0, high = size - 1; low < high; low += 1, high -= 1) {
    const byte = scratch[low] as number;
    scratch[low] = scratch[high] as number;
    scratch[high] = byte;
  }
}

interface Refusal {
  readonly kind: 'range' | 'byte';
  readonly at: number;
}

/**
 * Returns `bytes` followed by the checksum of `spec`. Fails if the covered bytes are outside of the payload, or if the algorithm
 * cannot cover one of them. Throws for an algorithm that is not in the catalogue.
 */
export function appendChecksum(bytes: Uint8Array, spec: ChecksumSpec): Result<Uint8Array<ArrayBuffer>> {
  const entry = prepare(spec.algorithm);
  const { mark } = entry.algorithm;
  const refusal = compute(bytes, bytes.length, spec, entry);
  if (refusal) return refuse(bytes, spec, refusal);
  const start = bytes.length + mark.length;
  const shown = new Uint8Array(start + writtenSize(spec, entry));
  shown.set(bytes);
  for (let at = 0; at < mark.length; at += 1) shown[bytes.length + at] = mark.charCodeAt(at);
  write(shown, start, spec, entry);
  return ok(shown);
}

/** Writes the checksum of `scratch` into `into` from `start`, in the form of `spec`. */
function write(into: Uint8Array, start: number, { form }: ChecksumSpec, { size }: Prepared): void {
  const checksum = scratch.subarray(0, size);
  if (form === 'bytes') {
    into.set(checksum, start);
    return;
  }
  const text = form === 'HEX' ? toHex(checksum).toUpperCase() : toHex(checksum);
  for (let at = 0; at < text.length; at += 1) into[start + at] = text.charCodeAt(at);
}

function refuse(bytes: Uint8Array, spec: ChecksumSpec, { kind, at }: Refusal): Result<never> {
  const message = `Could not append the checksum ${formatChecksumSpec(spec)}`;
  if (kind === 'byte') {
    const system = `byte ${at} (${toHex(bytes.subarray(at, at + 1))}) is not one of a pair of hex digits`;
    return fail('bad-input', message, { system, hint: 'Write the message as pairs of hex digits' });
  }
  const system = `the payload has ${bytes.length} bytes`;
  return fail('bad-input', message, { system, hint: 'Correct the first and the last byte of the checksum' });
}

/** Returns the number of bytes that `appendChecksum` appends, with the text before the checksum. Throws as `appendChecksum`. */
export function checksumLength(spec: ChecksumSpec): number {
  const entry = prepare(spec.algorithm);
  return entry.algorithm.mark.length + writtenSize(spec, entry);
}

function writtenSize(spec: ChecksumSpec, { size }: Prepared): number {
  return spec.form === 'bytes' ? size : 2 * size;
}

/**
 * Compares the checksum at the end of `message`, which has no framing, with that of the bytes before it. `missing`: the message is too
 * short for the checksum or for the bytes that it covers, or there is no hex text, or no mark before it. Hex digits may be in either case.
 * Allocates nothing for a CRC of up to 32 bits and for sums. Throws for an algorithm that is not in the catalogue.
 */
export function checkChecksum(message: Uint8Array, spec: ChecksumSpec): 'ok' | 'bad' | 'missing' {
  const entry = prepare(spec.algorithm);
  const { mark } = entry.algorithm;
  const start = message.length - writtenSize(spec, entry);
  const length = start - mark.length;
  if (length < 0 || !hasMark(message, length, mark)) return 'missing';
  if (spec.form !== 'bytes' && !isHex(message, start)) return 'missing';
  const refusal = compute(message, length, spec, entry);
  if (refusal) return refusal.kind === 'range' ? 'missing' : 'bad';
  for (let index = 0; index < entry.size; index += 1) {
    if (writtenByte(message, start, index, spec.form) !== scratch[index]) return 'bad';
  }
  return 'ok';
}

/** The checksum at the end of a message, and the one that belongs there, both as they are written in a message. */
export interface FoundChecksum {
  readonly verdict: 'ok' | 'bad' | 'missing';
  /** Empty if the checksum is missing. */
  readonly found: Uint8Array;
  /** Empty if the checksum is missing, and if the algorithm cannot cover the bytes of the message. */
  readonly expected: Uint8Array;
}

/** Checks a message like `checkChecksum`, and returns the compared checksums too. Throws as `checkChecksum`. */
export function inspectChecksum(message: Uint8Array, spec: ChecksumSpec): FoundChecksum {
  const verdict = checkChecksum(message, spec);
  if (verdict === 'missing') return { verdict, found: new Uint8Array(0), expected: new Uint8Array(0) };
  const entry = prepare(spec.algorithm);
  const size = writtenSize(spec, entry);
  const start = message.length - size;
  const isKnown = compute(message, start - entry.algorithm.mark.length, spec, entry) === undefined;
  const expected = new Uint8Array(isKnown ? size : 0);
  if (isKnown) write(expected, 0, spec, entry);
  return { verdict, found: message.slice(start), expected };
}

function hasMark(message: Uint8Array, at: number, mark: string): boolean {
  for (let index = 0; index < mark.length; index += 1) {
    if (message[at + index] !== mark.charCodeAt(index)) return false;
  }
  return true;
}

function isHex(message: Uint8Array, start: number): boolean {
  for (let at = start; at < message.length; at += 1) if (hexDigit(message[at] as number) < 0) return false;
  return true;
}

function writtenByte(message: Uint8Array, start: number, index: number, form: ChecksumForm): number {
  if (form === 'bytes') return message[start + index] as number;
  return hexDigit(message[start + 2 * index] as number) * 16 + hexDigit(message[start + 2 * index + 1] as number);
}
