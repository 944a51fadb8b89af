import { limits, Refused } from '../limits.ts';
import { isWhole, type Run } from '../scope.ts';
import { reduced } from '../values.ts';
import { filter, integerOf, listOf, numberOf, shown, textOf } from './function.ts';

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** The random values. Each use gives a different one. */
export const randomFilters = [
  filter(
    'random_integer: to',
    'A random integer from the number before the filter to `to`, both included',
    ['{{ 1 | random_integer: 6 }}', '1'],
    (from, [to], run) => {
      const [least, most] = [numberOf(from, run), numberOf(to, run)];
      if (!isWhole(least) || !isWhole(most) || least > most) {
        throw new Refused(`There is no integer from ${shown(least, run)} to ${shown(most, run)}`);
      }
      return reduced(BigInt(least) + below(BigInt(most) - BigInt(least) + 1n, run));
    },
  ),
  filter(
    'random_float: to',
    'A random number from the number before the filter up to `to`',
    ['{{ 0 | random_float: 1 | round: 3 }}', '0'],
    (from, [to], run) => {
      const [least, most] = [Number(numberOf(from, run)), Number(numberOf(to, run))];
      return least + (most - least) * (Number(below(2n ** 53n, run)) / 2 ** 53);
    },
  ),
  filter(
    'random_text: characters?',
    'Random characters, as many as the number before the filter, of those given (letters and digits)',
    ['{{ 8 | random_text }}', 'abcdefgh'],
    (length, [characters], run) => {
      const count = countOf(length, run);
      const from = [...(characters === undefined ? letters : textOf(characters, run))];
      if (from.length === 0 || from.length > 256) throw new Refused('The characters must be 1 to 256');
      // Bytes from here on would make the first characters more frequent.
      const unfair = 256 - (256 % from.length);
      let text = '';
      for (let made = 0, rounds = 0; made < count && rounds < maxRounds; rounds += 1) {
        for (const byte of run.scope.sources.randomBytes(count - made)) {
          if (byte >= unfair && rounds + 1 < maxRounds) continue;
          text += from[byte % from.length];
          made += 1;
        }
      }
      return text;
    },
  ),
  filter(
    'random_bytes',
    'Random bytes, as many as the number before the filter',
    ['{{ 4 | random_bytes | hex }}', '00010203'],
    (length, _, run) => run.scope.sources.randomBytes(countOf(length, run)),
  ),
  filter(
    'random_choice: value…',
    'One of the items of a list, or one of the values before the filter and after it',
    ['{{ "red" | random_choice: "green", "blue" }}', 'red'],
    (input, args, run) => {
      const choices = Array.isArray(input) && args.length === 0 ? listOf(input, run) : [input, ...args];
      if (choices.length === 0) throw new Refused('The list is empty');
      return choices[Number(below(BigInt(choices.length), run))];
    },
  ),
];

/** How often random bytes are drawn again for an even distribution. A working source needs two or three rounds. */
const maxRounds = 128;

function countOf(length: unknown, run: Run): number {
  const count = integerOf(length, run, { name: 'length', least: 0, most: limits.output });
  run.budget.charge(count);
  return count;
}

/** Returns a random integer from 0 to `limit - 1`, each as likely. */
function below(limit: bigint, run: Run): bigint {
  const bits = (limit - 1n).toString(2).length;
  const length = Math.ceil(bits / 8);
  run.budget.charge(length);
  let value = 0n;
  for (let round = 0; round < maxRounds; round += 1) {
    value = 0n;
    for (const byte of run.scope.sources.randomBytes(length)) value = (value << 8n) | BigInt(byte);
    value = BigInt.asUintN(bits, value);
    if (value < limit) return value;
  }
  return value % limit;
}
