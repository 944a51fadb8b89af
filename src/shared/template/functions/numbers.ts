import { limits, Refused } from '../limits.ts';
import { isWhole, type Run, sum } from '../scope.ts';
import { reduced } from '../values.ts';
import { filter, integerOf, numberOf, shown } from './function.ts';

type Numeric = number | bigint;

/** The filters of numbers. Integers stay exact at any size; a text that spells a number counts as one. */
export const numberFilters = [
  filter(
    'plus: number',
    'Adds a number',
    ['{{ 9007199254740993 | plus: 1 }}', '9007199254740994'],
    (input, [by], run) => sum(numberOf(input, run), numberOf(by, run)),
  ),
  filter('minus: number', 'Subtracts a number', ['{{ 5 | minus: 7 }}', '-2'], (input, [by], run) => {
    const number = numberOf(by, run);
    return sum(numberOf(input, run), typeof number === 'bigint' ? -number : -number);
  }),
  filter(
    'times: number',
    'Multiplies by a number',
    ['{{ 4294967296 | times: 4294967296 }}', '18446744073709551616'],
    times,
  ),
  filter('divided_by: number', 'Divides by a number', ['{{ 7 | divided_by: 2 }}', '3.5'], (input, [by], run) => {
    const [one, other] = [numberOf(input, run), divisorOf(by, run)];
    const isExact = isWhole(one) && isWhole(other) && BigInt(one) % BigInt(other) === 0n;
    return isExact ? reduced(BigInt(one) / BigInt(other)) : Number(one) / Number(other);
  }),
  filter(
    'modulo: number',
    'The remainder of a division, with the sign of the divisor',
    ['{{ -1 | modulo: 256 }}', '255'],
    (input, [by], run) => {
      const [one, other] = [numberOf(input, run), divisorOf(by, run)];
      if (!isWhole(one) || !isWhole(other)) {
        return ((Number(one) % Number(other)) + Number(other)) % Number(other);
      }
      if (Number.isSafeInteger(one) && Number.isSafeInteger(other)) {
        const rest = Number(one) % Number(other);
        return rest !== 0 && rest < 0 !== other < 0 ? rest + Number(other) : rest + 0;
      }
      const divisor = BigInt(other);
      return reduced(((BigInt(one) % divisor) + divisor) % divisor);
    },
  ),
  filter('abs', 'The number without its sign', ['{{ -3 | abs }}', '3'], (input, _, run) => {
    const number = numberOf(input, run);
    return number < 0 ? negated(number) : number;
  }),
  filter('ceil', 'The next integer above', ['{{ 1.2 | ceil }}', '2'], (input, _, run) =>
    rounded(numberOf(input, run), Math.ceil),
  ),
  filter('floor', 'The next integer below', ['{{ 1.8 | floor }}', '1'], (input, _, run) =>
    rounded(numberOf(input, run), Math.floor),
  ),
  filter(
    'round: digits?',
    'Rounds to a number of decimal digits (0)',
    ['{{ 2.345 | round: 1 }}', '2.3'],
    (input, [to], run) => {
      const digits = integerOf(to, run, { name: 'digits', least: 0, most: 15, fallback: 0 });
      return rounded(numberOf(input, run), (number) => roundTo(number, digits));
    },
  ),
  filter('at_least: number', 'The greater of two numbers', ['{{ 3 | at_least: 5 }}', '5'], (input, [by], run) => {
    const [one, other] = [numberOf(input, run), numberOf(by, run)];
    return one < other ? other : one;
  }),
  filter('at_most: number', 'The smaller of two numbers', ['{{ 3 | at_most: 5 }}', '3'], (input, [by], run) => {
    const [one, other] = [numberOf(input, run), numberOf(by, run)];
    return one > other ? other : one;
  }),
  filter(
    'base: base, width?',
    'Writes an integer in a base from 2 to 36, with zeros up to `width` digits',
    ['{{ 255 | base: 16, 4 }}', '00ff'],
    (input, [base, width], run) => {
      const number = numberOf(input, run);
      if (!isWhole(number)) throw new Refused(`${shown(number, run)} is not an integer`);
      const digits = integerOf(width, run, { name: 'width', least: 0, most: 1_000, fallback: 0 });
      const text = (number < 0 ? negated(number) : number).toString(
        integerOf(base, run, { name: 'base', least: 2, most: 36 }),
      );
      return (number < 0 ? '-' : '') + text.padStart(digits, '0');
    },
  ),
];

function times(input: unknown, [by]: readonly unknown[], run: Run): Numeric {
  const [one, other] = [numberOf(input, run), numberOf(by, run)];
  if (!isWhole(one) || !isWhole(other)) return Number(one) * Number(other);
  const product = Number(one) * Number(other);
  if (Number.isSafeInteger(product)) return product;
  if (!(Math.abs(product) < 10 ** 300)) throw new Refused(`A number has more than ${limits.digits} digits`);
  return reduced(BigInt(one) * BigInt(other));
}

function divisorOf(input: unknown, run: Run): Numeric {
  const number = numberOf(input, run);
  if (number === 0 || number === 0n) throw new Refused('Division by zero');
  return number;
}

function negated(number: Numeric): Numeric {
  return typeof number === 'bigint' ? -number : -number;
}

function rounded(number: Numeric, round: (number: number) => number): Numeric {
  return typeof number === 'bigint' ? number : round(number);
}

/** Rounds to a number of decimal digits, halves away from zero. The decimal point is moved in the text, where it is exact. */
function roundTo(number: number, digits: number): number {
  const scaled = shifted(Math.abs(number), digits);
  if (!(scaled <= Number.MAX_SAFE_INTEGER)) return number;
  return Math.sign(number) * shifted(Math.round(scaled), -digits);
}

function shifted(number: number, digits: number): number {
  const [mantissa, exponent = '0'] = String(number).split('e');
  return Number(`${mantissa}e${Number(exponent) + digits}`);
}
