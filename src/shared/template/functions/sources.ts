import { filters } from 'liquidjs';
import { RE2JS, RE2JSException } from 're2js';
import { decodeUtf8Lossy } from '../../bytes/text.ts';
import { limits, Refused } from '../limits.ts';
import type { Found, Run } from '../scope.ts';
import { Instant, isNumeric, plain, toBytes } from '../values.ts';
import { filter, integerOf, numberOf, shown, textOf } from './function.ts';
import { readJsonPath } from './json-path.ts';

/** The filters that read a part of a received message, a file, an environment variable or the time. */
export const sourceFilters = [
  filter(
    'json: path',
    'The value at a path of a JSON document: `$.items[0].id`, `$["a b"]`; integers keep all digits',
    ['{{ last | json: "$.id" }}', '9007199254740993'],
    (input, [path], run) => readJsonPath(input, textOf(path, run), run),
  ),
  filter(
    'xpath: expression',
    'The text of the first result of an XPath expression on an XML document',
    ['{{ "<a><b>7</b></a>" | xpath: "/a/b" }}', '7'],
    (input, [expression], run) => {
      const { xpath } = run.scope.sources;
      if (!xpath) throw new Refused('XPath is not available here');
      const document = toBytes(input, run.budget);
      run.budget.charge(document.length * 4);
      return foundIn(xpath(document, textOf(expression, run)));
    },
  ),
  filter(
    'regex: pattern, group?',
    'The first match of a regular expression (RE2), or its group; a backslash is written twice',
    ['{{ last | regex: "\\"v\\": (\\\\d+)", 1 }}', '42'],
    matchOf,
  ),
  filter(
    'bytes: offset, length?',
    'The bytes from an offset (from the end if negative), `length` of them (up to the end)',
    ['{{ "abcdef" | bytes: 1, 3 }}', 'bcd'],
    bytesAt,
  ),
  filter(
    'date: format, zone?',
    'Formats a time as strftime does, in UTC, or in a zone: `"local"`, `"Europe/Berlin"`',
    ['{{ now | date: "%d.%m.%Y %H:%M" }}', '02.01.2026 03:04'],
    dateOf,
  ),
  filter(
    'file',
    'The content of the file with the path before the filter',
    ['{{ "greeting.txt" | file }}', 'Hello'],
    (input, _, run) => {
      const { file } = run.scope.sources;
      if (!file) throw new Refused('Files are not available here');
      const content = foundIn(file(textOf(input, run)));
      run.budget.charge(content.length);
      return content;
    },
  ),
  filter(
    'env',
    'The environment variable of the process with the name before the filter, if it is allowed',
    ['{{ "LAB" | env }}', 'north'],
    (input, _, run) => {
      const { env } = run.scope.sources;
      if (!env) throw new Refused('Environment variables are not available here');
      const found = env(textOf(input, run));
      if (found === undefined)
        throw new Refused(`The environment variable ${shown(input, run)} is not set or not allowed`);
      return found;
    },
  ),
];

function foundIn<T>(found: Found<T>): T {
  if (!found.ok) throw new Refused(found.reason);
  return found.value;
}

const maxPatternLength = 1_000;
/** Larger programs are slow on every byte: `(a{900}){900}` is short to write. */
const maxProgramSize = 1_000;
/** Program size times characters: a second of work at most. */
const maxRegexWork = 8 * 1_048_576;
const maxPatterns = 64;
/** The patterns that were compiled last: a repeated send uses the same ones. */
const patterns = new Map<string, RE2JS>();

function matchOf(input: unknown, [pattern, group]: readonly unknown[], run: Run): unknown {
  const compiled = compiledPattern(textOf(pattern, run));
  const it = plain(input);
  const text = it instanceof Uint8Array ? decodeUtf8Lossy(it) : textOf(it, run);
  if (text.length * compiled.programSize() > maxRegexWork) {
    throw new Refused(`${text.length} characters are too many for this regular expression`);
  }
  run.budget.charge(text.length * compiled.programSize() * 2);
  const matcher = compiled.matcher(text);
  const index = integerOf(group, run, { name: 'group', least: 0, most: compiled.groupCount(), fallback: 0 });
  if (!matcher.find()) throw new Refused(`The regular expression ${shown(pattern, run)} does not match`);
  return matcher.group(index) ?? '';
}

function compiledPattern(source: string): RE2JS {
  const known = patterns.get(source);
  if (known) return known;
  if (source.length > maxPatternLength)
    throw new Refused(`A regular expression has at most ${maxPatternLength} characters`);
  const compiled = compile(source);
  if (compiled.programSize() > maxProgramSize) throw new Refused('The regular expression is too large');
  if (patterns.size >= maxPatterns) patterns.clear();
  patterns.set(source, compiled);
  return compiled;
}

function compile(source: string): RE2JS {
  try {
    return RE2JS.compile(source);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    throw new Refused(`Invalid regular expression: ${error.message.replace(/^error parsing regexp: /, '')}`);
  }
}

function bytesAt(input: unknown, [offset, length]: readonly unknown[], run: Run): Uint8Array {
  const bytes = toBytes(input, run.budget);
  const size = bytes.length;
  const from = integerOf(offset, run, { name: 'offset', least: -size, most: size });
  const at = from < 0 ? size + from : from;
  return bytes.subarray(
    at,
    at + integerOf(length, run, { name: 'length', least: 0, most: size - at, fallback: size - at }),
  );
}

const longestFormat = 200;
/** Codes of strftime (POSIX) that LiquidJS does not have. */
const abbreviations: Readonly<Record<string, string>> = { '%F': '%Y-%m-%d', '%T': '%H:%M:%S', '%R': '%H:%M' };

interface DateContext {
  readonly context: {
    readonly memoryLimit: { readonly use: (units: number) => void };
    readonly opts: { readonly locale: string; readonly timezoneOffset: number; readonly dateFormat: string };
  };
}

/** LiquidJS's filter: `date` as `strftime` writes it. */
const formatDate = filters.date as (
  this: DateContext,
  date: unknown,
  format: string,
  zone?: string | number,
) => unknown;

function dateOf(input: unknown, [format, zone]: readonly unknown[], run: Run): unknown {
  const pattern = textOf(format, run);
  if (pattern.length > longestFormat) throw new Refused(`A format of a date has at most ${longestFormat} characters`);
  const expanded = pattern.replace(/%[%FTR]/g, (code) => abbreviations[code] ?? code);
  const date = new Date(millisecondsOf(input, run));
  if (Number.isNaN(date.getTime())) throw new Refused(`${shown(input, run)} is not a time`);
  const place = zone === undefined ? 'UTC' : textOf(zone, run);
  const opts = { locale: 'en-US', timezoneOffset: 0, dateFormat: pattern };
  const context = { memoryLimit: { use: (units: number) => run.budget.charge(units) }, opts };
  run.budget.charge(limits.expression);
  try {
    const offset = place === 'UTC' ? 0 : place === 'local' ? date.getTimezoneOffset() : place;
    return formatDate.call({ context }, date, expanded, offset);
  } catch (error) {
    if (error instanceof RangeError) throw new Refused(`There is no time zone ${shown(place, run)}`);
    throw error;
  }
}

function millisecondsOf(input: unknown, run: Run): number {
  if (input instanceof Instant) return input.ms;
  if (isNumeric(input)) return Number(input) * 1_000;
  const text = textOf(input, run).trim();
  return /^-?\d{1,12}$/.test(text) ? Number(numberOf(text, run)) * 1_000 : Date.parse(text);
}
