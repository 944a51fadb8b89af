export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** Returns `left op right`; compares texts by their UTF-16 units. */
export function compareBy<T extends number | string>(op: Comparison, left: T, right: T): boolean {
  switch (op) {
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
  }
}

/** A number that a double cannot represent exactly. A class, so that no object in a message is mistaken for one. */
export class LongNumber {
  /** The nearest double. */
  readonly number: number;
  /** How it is written, in decimal. */
  readonly written: string;
  constructor(number: number, written: string) {
    this.number = number;
    this.written = written;
  }
}

/** A number of a message or a filter: a double if that represents it exactly. */
export type ExactNumber = number | LongNumber;

/** Different decimals of at most 15 digits without an exponent are different doubles, in the same order (IEEE 754, DBL_DIG). */
const plain = /^[+-]?(?:\d{1,15}|(?=[\d.]{2,16}$)\d*\.\d*)$/;

/** Returns the number that `written` spells in decimal, with or without an exponent. */
export function exactNumber(written: string): ExactNumber {
  const number = Number(written);
  if (plain.test(written)) return number + 0;
  const shortest = String(number);
  const isShort = shortest.length <= 16 && plain.test(shortest) && compareWritten(written, shortest) === 0;
  return isShort ? number + 0 : new LongNumber(number, written);
}

/** Returns true for a number, among values of any kind. */
export function isNumeric(value: unknown): value is ExactNumber {
  return typeof value === 'number' || value instanceof LongNumber;
}

/** Returns `left op right`, exact for both as written. Doubles decide unless they are equal: rounding never changes an order. */
export function compareNumbers(op: Comparison, left: ExactNumber, right: ExactNumber): boolean {
  const one = typeof left === 'number' ? left : left.number;
  const other = typeof right === 'number' ? right : right.number;
  if (one !== other || (typeof left === 'number' && typeof right === 'number')) return compareBy(op, one, other);
  return compareBy(op, compareWritten(writtenOf(left), writtenOf(right)), 0);
}

function writtenOf(value: ExactNumber): string {
  return typeof value === 'number' ? String(value) : value.written;
}

interface Decimal {
  /** -1, 0 or 1. */
  readonly sign: number;
  /** The digits from the first to the last that is not zero. */
  readonly digits: string;
  /** The power of ten before the first digit. */
  readonly power: number;
}

/** Returns a negative number, 0 or a positive number as `left` is less than, equal to or greater than `right`, in linear time. */
function compareWritten(left: string, right: string): number {
  const one = decimalOf(left);
  const other = decimalOf(right);
  if (one.sign !== other.sign) return one.sign - other.sign;
  if (one.power !== other.power) return one.power < other.power ? -one.sign : one.sign;
  if (one.digits === other.digits) return 0;
  return one.digits < other.digits ? -one.sign : one.sign;
}

function decimalOf(written: string): Decimal {
  const [mantissa = '', exponent = '0'] = written.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.replace(/^[+-]/, '').split('.');
  const all = whole + fraction;
  const first = all.search(/[1-9]/);
  if (first < 0) return { sign: 0, digits: '', power: 0 };
  let end = all.length;
  while (all[end - 1] === '0') end -= 1;
  const sign = mantissa.startsWith('-') ? -1 : 1;
  return { sign, digits: all.slice(first, end), power: whole.length - first + Number(exponent) };
}
