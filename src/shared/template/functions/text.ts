import { limits, Refused } from '../limits.ts';
import type { Run } from '../scope.ts';
import { filter, integerOf, textOf } from './function.ts';

/** The filters of texts. Bytes that are UTF-8 count as text. */
export const textFilters = [
  filter('append: text', 'Adds a text at the end', ['{{ name | append: "!" }}', 'Ada!'], (input, [text], run) => {
    return textOf(input, run) + textOf(text, run);
  }),
  filter(
    'prepend: text',
    'Adds a text at the start',
    ['{{ name | prepend: "Dr " }}', 'Dr Ada'],
    (input, [text], run) => {
      return textOf(text, run) + textOf(input, run);
    },
  ),
  filter('upcase', 'Changes the text to capitals', ['{{ name | upcase }}', 'ADA'], (input, _, run) =>
    textOf(input, run).toUpperCase(),
  ),
  filter('downcase', 'Changes the text to small letters', ['{{ name | downcase }}', 'ada'], (input, _, run) =>
    textOf(input, run).toLowerCase(),
  ),
  filter(
    'capitalize',
    'Changes the first letter to a capital and the others to small letters',
    ['{{ "hELLO" | capitalize }}', 'Hello'],
    (input, _, run) => {
      const text = textOf(input, run);
      return text.charAt(0).toUpperCase() + text.slice(1).toLowerCase();
    },
  ),
  filter('strip', 'Removes white space at both ends', ['[{{ "  a b " | strip }}]', '[a b]'], (input, _, run) =>
    textOf(input, run).trim(),
  ),
  filter('lstrip', 'Removes white space at the start', ['[{{ "  a " | lstrip }}]', '[a ]'], (input, _, run) =>
    textOf(input, run).trimStart(),
  ),
  filter('rstrip', 'Removes white space at the end', ['[{{ "  a " | rstrip }}]', '[  a]'], (input, _, run) =>
    textOf(input, run).trimEnd(),
  ),
  filter(
    'replace: text, replacement',
    'Replaces each occurrence of a text',
    ['{{ "a-b-c" | replace: "-", "+" }}', 'a+b+c'],
    (input, args, run) => replaceAll(textOf(input, run), textOf(args[0], run), textOf(args[1], run), run),
  ),
  filter(
    'replace_first: text, replacement',
    'Replaces the first occurrence of a text',
    ['{{ "a-b-c" | replace_first: "-", "+" }}', 'a+b-c'],
    (input, args, run) => {
      const replacement = textOf(args[1], run);
      return textOf(input, run).replace(textOf(args[0], run), () => replacement);
    },
  ),
  filter(
    'remove: text',
    'Removes each occurrence of a text',
    ['{{ "a-b-c" | remove: "-" }}', 'abc'],
    (input, args, run) => replaceAll(textOf(input, run), textOf(args[0], run), '', run),
  ),
  filter(
    'truncate: length?, ending?',
    'Shortens a text to `length` characters (50) with the ending (`...`)',
    ['{{ "a long text" | truncate: 8 }}', 'a lon...'],
    (input, [length, ending], run) => {
      const most = integerOf(length, run, { name: 'length', least: 0, most: limits.output, fallback: 50 });
      const end = ending === undefined ? '...' : textOf(ending, run);
      const characters = charactersOf(textOf(input, run), run);
      if (characters.length <= most) return characters.join('');
      return characters.slice(0, Math.max(most - charactersOf(end, run).length, 0)).join('') + end;
    },
  ),
  filter(
    'pad: width, character?',
    'Fills a text up to `width` characters at the start (with zeros)',
    ['{{ 7 | pad: 3 }}', '007'],
    (input, [width, character], run) => {
      const units = integerOf(width, run, { name: 'width', least: 0, most: limits.output });
      run.budget.charge(units);
      return textOf(input, run).padStart(units, character === undefined ? '0' : textOf(character, run));
    },
  ),
  filter(
    'split: separator',
    'Splits a text into a list',
    ['{{ "a,b" | split: "," | last }}', 'b'],
    (input, args, run) => {
      const parts = textOf(input, run).split(textOf(args[0], run), limits.items + 1);
      if (parts.length > limits.items) throw new Refused(`The text has more than ${limits.items} parts`);
      run.budget.charge(parts.length);
      while (parts.at(-1) === '') parts.pop();
      return parts;
    },
  ),
];

function charactersOf(text: string, run: Run): readonly string[] {
  run.budget.charge(text.length * 4);
  return [...text];
}

/** Replaces each occurrence, after the size of the result is counted: a short template can ask for a long text. */
function replaceAll(text: string, found: string, replacement: string, run: Run): string {
  if (found === '') throw new Refused('The text to replace is empty');
  let count = 0;
  for (let at = text.indexOf(found); at >= 0; at = text.indexOf(found, at + found.length)) count += 1;
  run.budget.charge(text.length + count * (replacement.length + 8));
  return text.replaceAll(found, () => replacement);
}
