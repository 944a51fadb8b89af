import { toHex } from '../bytes/hex.ts';
import type { Boundaries } from '../message/boundaries.ts';
import { messageFlags } from '../message/flags.ts';
import { claimProblem } from './claim.ts';
import { Decimal } from './decimal.ts';
import type { Ending, Framer, LengthClaim } from './framer.ts';

const carriageReturn = 0x0d;
const lineFeed = 0x0a;
const minus = 0x2d;
const question = 0x3f;
const lineEndBytes = 2;
/** Bytes of the shortest value: a type and a line end. */
const leastValue = 3;
/** The maximum depth of nested streamed aggregates. */
const maxDepth = 32;

// The meaning of the first byte of a value; 0 is invalid.
const simple = 1;
const bulk = 2;
const aggregate = 3;
const attribute = 4;
const chunkOfString = 5;
const endOfStream = 6;
const inline = 7;

const types = new Uint8Array(256);
for (const char of '+-:_#,(') types[char.charCodeAt(0)] = simple;
for (const char of '$!=') types[char.charCodeAt(0)] = bulk;
for (const char of '*~>%') types[char.charCodeAt(0)] = aggregate;
types[0x7c] = attribute;
types[0x3b] = chunkOfString;
types[0x2e] = endOfStream;
for (let byte = 0x41; byte <= 0x5a; byte += 1) types[byte] = types[byte + 0x20] = inline;
types[carriageReturn] = inline;
types[lineFeed] = inline;
const percent = 0x25;

type Mode = 'type' | 'line' | 'size' | 'bulk' | 'bulk-end' | 'lost';

/**
 * Creates a framer for RESP 2 and 3, the protocol of Redis. A message is one value with all nested values, or an inline command, which is a
 * line that begins with a letter. Only types and lengths are examined. Wrong bytes are malformed up to the end of their line.
 */
export function createRespFramer(maxMessage: number): Framer {
  let mode: Mode = 'type';
  let type = 0;
  /** The current value contains pairs (a map). */
  let isMap = false;
  /** Values that are missing until the message is whole; infinite in a streamed aggregate. */
  let wanted = 1;
  /** The number of values of the message, if it is an aggregate; -1 if not. */
  let values = -1;
  /** No value of the message has begun. */
  let isFirst = true;
  /** The values that are missing after each open streamed aggregate. */
  let outer: number[] = [];
  /** Inside a streamed string, between its chunks. */
  let streamed = false;
  const size = new Decimal();
  let sign = 0;
  /** Bytes of the current string, and how many of them are missing; -1 after the CR that follows them. */
  let bytes = 0;
  let left = 0;
  let problem = '';

  function begin(): void {
    mode = 'type';
    wanted = 1;
    values = -1;
    isFirst = true;
    if (outer.length > 0) outer = [];
    streamed = false;
    problem = '';
  }

  function lose(reason: string): void {
    begin();
    mode = 'lost';
    problem = reason;
  }

  /** Ends a value, and the message if it is the last one. */
  function endValue(boundaries: Boundaries, end: number): void {
    mode = 'type';
    streamed = false;
    wanted -= 1;
    if (wanted > 0) return;
    boundaries.push(end, 0, 0, 0);
    begin();
  }

  function takeType(byte: number): void {
    type = types[byte] as number;
    const isAllowed = streamed ? type === chunkOfString : type !== 0 && type !== chunkOfString;
    if (!isAllowed || (type === inline && !isFirst) || (type === endOfStream && wanted !== Number.POSITIVE_INFINITY)) {
      lose(`the byte ${toHex(Uint8Array.of(byte))} does not begin a value`);
      return;
    }
    isFirst = false;
    isMap = byte === percent;
    size.begin();
    sign = 0;
    mode = type === simple || type === endOfStream || type === inline ? 'line' : 'size';
  }

  function endLine(boundaries: Boundaries, end: number): void {
    if (type === endOfStream) wanted = outer.pop() as number;
    endValue(boundaries, end);
  }

  /** Processes a byte of a length that is not a digit. */
  function takeSize(byte: number, boundaries: Boundaries, end: number): void {
    if ((byte === minus || byte === question) && size.digits === 0 && sign === 0) sign = byte;
    else if (byte === lineFeed) endSize(boundaries, end);
    else if (byte !== carriageReturn) lose(claimProblem(size.value, maxMessage) || noNumber);
  }

  function endSize(boundaries: Boundaries, end: number): void {
    const { value, digits } = size;
    // -1 is null in RESP 2.
    const isNull = sign === minus && value === 1 && digits === 1;
    if (isNull && (type === bulk || type === aggregate)) endValue(boundaries, end);
    else if (sign === question) beginStream();
    else if (sign !== 0 || digits === 0) loseAt(boundaries, end, noNumber);
    // A nested value has at least one byte.
    else if (value > maxMessage) loseAt(boundaries, end, claimProblem(value, maxMessage));
    else if (type === bulk || (type === chunkOfString && value > 0)) beginBulk(value);
    else if (type === chunkOfString) endValue(boundaries, end);
    else beginAggregate(value, boundaries, end);
  }

  function beginBulk(count: number): void {
    bytes = count;
    left = count;
    mode = left > 0 ? 'bulk' : 'bulk-end';
  }

  function beginAggregate(count: number, boundaries: Boundaries, end: number): void {
    mode = 'type';
    if (values < 0) values = count;
    wanted += isMap || type === attribute ? 2 * count : count;
    if (type === aggregate) endValue(boundaries, end);
  }

  function beginStream(): void {
    mode = 'type';
    if (type === bulk) {
      streamed = true;
    } else if (type !== aggregate || outer.length === maxDepth) {
      lose('a streamed value is not allowed here');
    } else {
      outer.push(wanted);
      wanted = Number.POSITIVE_INFINITY;
    }
  }

  /** Marks the line that ends at `end` as malformed. */
  function loseAt(boundaries: Boundaries, end: number, reason: string): void {
    boundaries.pushMalformed(end, 0, 0, reason);
    begin();
  }

  function endBulk(byte: number, boundaries: Boundaries, end: number): boolean {
    if (byte === carriageReturn && left === 0) {
      left = -1;
      return true;
    }
    if (byte !== lineFeed || left === 0) {
      lose('no line end follows a string');
      return false;
    }
    left = 0;
    if (type === chunkOfString) mode = 'type';
    else endValue(boundaries, end);
    return true;
  }

  /** Skips to the end of the line; returns the offset after it, 0 if it is in a later chunk. */
  function takeLine(chunk: Uint8Array, from: number, boundaries: Boundaries): number {
    const end = chunk.indexOf(lineFeed, from) + 1;
    if (end === 0) return 0;
    if (mode === 'line') {
      endLine(boundaries, end);
    } else {
      boundaries.pushMalformed(end, 0, 0, problem);
      begin();
    }
    return end;
  }

  function push(chunk: Uint8Array, boundaries: Boundaries): void {
    const length = chunk.length;
    let at = 0;
    while (at < length) {
      if (mode === 'bulk') {
        const step = Math.min(left, length - at);
        left -= step;
        at += step;
        if (left === 0) mode = 'bulk-end';
      } else if (mode === 'line' || mode === 'lost') {
        at = takeLine(chunk, at, boundaries);
        if (at === 0) return;
      } else if (mode === 'type') {
        takeType(chunk[at] as number);
        // The line may consist of its end only.
        if ((mode as Mode) !== 'lost' && chunk[at] !== lineFeed) at += 1;
      } else if (mode === 'size') {
        if (sign !== question) at = size.takeAll(chunk, at);
        if (at === length) return;
        takeSize(chunk[at] as number, boundaries, at + 1);
        if ((mode as Mode) !== 'lost') at += 1;
      } else if (endBulk(chunk[at] as number, boundaries, at + 1)) {
        at += 1;
      }
    }
  }

  function end(): Ending {
    const was = problem;
    begin();
    if (was !== '') return { head: 0, tail: 0, flags: messageFlags.malformed, problem: was };
    return { head: 0, tail: 0, flags: messageFlags.incomplete };
  }

  /** Returns the length that the current string or aggregate claims. Each missing value has at least three bytes. */
  function claim(): LengthClaim | undefined {
    if (mode === 'bulk' || mode === 'bulk-end') {
      const others = streamed || wanted === Number.POSITIVE_INFINITY ? 0 : leastValue * (wanted - 1);
      const missing = left + lineEndBytes + others;
      return {
        says: bytes,
        received: bytes - Math.max(left, 0) + (left < 0 ? 1 : 0),
        missing,
        atLeast: wanted > 1 || streamed,
      };
    }
    if (values < 0 || wanted === Number.POSITIVE_INFINITY) return undefined;
    return { says: values, unit: 'values', missing: leastValue * wanted, atLeast: true };
  }

  return {
    push,
    end,
    pendingHead: 0,
    get claim() {
      return claim();
    },
  };
}

const noNumber = 'a length is not a number';
