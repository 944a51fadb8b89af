import type { PathStep } from './ast.ts';
import { type ExactNumber, exactNumber } from './exact-number.ts';

/** A value as written, or why it is invalid. `at` and `length` in UTF-16 units within the text as written. */
export type Literal<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false;
      readonly at: number;
      readonly length: number;
      readonly message: string;
      readonly hint: string;
    };

const simpleEscapes: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', n: '\n', r: '\r', t: '\t' };

/** Returns the text that `quoted` (with its quotes) represents. */
export function unquote(quoted: string): Literal<string> {
  const end = quoted.length - 1;
  let value = '';
  let at = 1;
  while (at < end) {
    const slash = quoted.indexOf('\\', at);
    if (slash < 0 || slash >= end) break;
    value += quoted.slice(at, slash);
    const found = /^\\(?:(["\\nrt])|x([0-9a-fA-F]{2})|u\{([0-9a-fA-F]{1,6})\})/.exec(quoted.slice(slash, end));
    const code = Number.parseInt(found?.[2] ?? found?.[3] ?? '', 16);
    if (found === null || code > 0x10ffff) {
      const written = quoted.slice(slash, Math.min(slash + 2, end));
      return {
        ok: false,
        at: slash,
        length: written.length,
        message: `“${written}” is not an escape sequence.`,
        hint: 'Write a backslash as \\\\; the other escape sequences are \\" \\n \\r \\t \\xHH and \\u{…}.',
      };
    }
    value += found[1] === undefined ? String.fromCodePoint(code) : simpleEscapes[found[1]];
    at = slash + found[0].length;
  }
  return { ok: true, value: value + quoted.slice(at, end) };
}

/** Returns `text` in quotes, in the syntax of filters. */
export function quoteFilterString(text: string): string {
  const escaped = text.replace(/["\\\n\r\t\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]/g, (char) => {
    const simple = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }[char];
    const code = char.charCodeAt(0);
    if (simple !== undefined) return simple;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
  return `"${escaped}"`;
}

/** Returns a regular expression in quotes: keeps its backslashes and escapes only unescaped quotes. */
export function quotePattern(source: string): string {
  return `"${source.replace(/\\[\s\S]|"/g, (part) => (part === '"' ? '\\"' : part))}"`;
}

const numberPattern = /^[+-]?(?:\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?|0x[\da-f]+)$/i;

/** Returns the number that `word` spells, if any: `42`, `-1.5`, `1e3`, `0x1f`, `10_000`. */
export function numberOf(word: string): number | undefined {
  if (!numberPattern.test(word)) return undefined;
  const plain = word.replaceAll('_', '').replace(/^[+-]/, '');
  const value = Number(plain) * (word.startsWith('-') ? -1 : 1);
  // Minus zero is treated as zero.
  return Number.isFinite(value) ? value + 0 : undefined;
}

/** Milliseconds in each unit of time. */
const units: Readonly<Record<string, number>> = {
  s: 1_000,
  ms: 1,
  us: 0.001,
  µs: 0.001,
  μs: 0.001,
  m: 60_000,
  h: 3_600_000,
};

/** Returns the number that `word` spells, as exact as written, also beyond the range of a double: `1e400`. */
export function exactNumberOf(word: string): ExactNumber | undefined {
  if (!numberPattern.test(word)) return undefined;
  const digits = word.replaceAll('_', '');
  const sign = digits.startsWith('-') ? '-' : '';
  return exactNumber(/^[+-]?0x/i.test(digits) ? sign + BigInt(digits.replace(/^[+-]/, '')) : digits);
}

/** Returns a time span in milliseconds: `5s`, `1.5ms`, `200us`, `2m`, `1h`; seconds without a unit. */
export function durationOf(word: string): number | undefined {
  const match = /^(.*?)(us|µs|μs|ms|s|m|h)?$/.exec(word);
  const value = numberOf(match?.[1] ?? '');
  if (value === undefined) return undefined;
  const unit = match?.[2] ?? 's';
  // A division is exact where a product with a decimal fraction is not.
  return units[unit] === 0.001 ? value / 1_000 : value * (units[unit] as number);
}

const timePattern = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)?)?$/i;

/**
 * Returns milliseconds since the Unix epoch for an ISO 8601 date or date and time, to the microsecond. Without a zone it is
 * local time.
 */
export function timeOf(text: string): number | undefined {
  const match = timePattern.exec(text.trim());
  if (match === null) return undefined;
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone = ''] = match;
  const suffix = zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2').toUpperCase();
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${suffix}`);
  // A day that the month does not have would roll over to the next month instead of failing.
  const isDay = Number(day) <= new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  if (Number.isNaN(at) || !isDay) return undefined;
  return (at * 1_000 + Math.round(Number(`0.${fraction || '0'}`) * 1_000_000)) / 1_000;
}

/** A key that needs no quotes. */
const plainKey = /^[\p{L}\p{N}\p{M}_$@:-]+$/u;

/** Reads the steps of a path as written after `json` or `xml`: `.user.id`, `.items[0]`, `[*]`, `."odd key"`, `["odd key"]`. */
export function readPath(text: string): Literal<PathStep[]> {
  const steps: PathStep[] = [];
  let at = 0;
  while (at < text.length) {
    const read = readStep(text, at);
    if (!read.ok) return read;
    steps.push(read.value.step);
    at = read.value.end;
  }
  return { ok: true, value: steps };
}

/** A step, and where in the text it ends. */
type ReadStep = Literal<{ readonly step: PathStep; readonly end: number }>;

/** Reads the step that begins at `start`, with the dot or the bracket there. */
function readStep(text: string, start: number): ReadStep {
  const isBracket = text[start] === '[';
  if (!isBracket && text[start] !== '.')
    return refuse(start, 1, 'A dot is missing in the path.', 'Write steps as .key or [0].');
  if (text[start + 1] === '"') return readQuotedKey(text, start + 1, isBracket);
  return isBracket ? readIndex(text, start + 1) : readPlainKey(text, start + 1);
}

function readQuotedKey(text: string, at: number, isBracket: boolean): ReadStep {
  const quoted = /^"(?:[^"\\]|\\[\s\S])*"/.exec(text.slice(at))?.[0] ?? '""';
  const name = unquote(quoted);
  if (!name.ok) return { ...name, at: at + name.at };
  const end = at + quoted.length + (isBracket ? 1 : 0);
  return { ok: true, value: { step: { kind: 'key', name: name.value }, end } };
}

function readIndex(text: string, at: number): ReadStep {
  const inside = text.slice(at, text.indexOf(']', at));
  const end = at + inside.length + 1;
  if (inside === '*') return { ok: true, value: { step: { kind: 'any' }, end } };
  if (/^\d{1,9}$/.test(inside)) return { ok: true, value: { step: { kind: 'index', index: Number(inside) }, end } };
  const message = `“[${inside}]” is not a valid step.`;
  return refuse(at, inside.length, message, 'Write [0], [*] for any element, or ["key"].');
}

function readPlainKey(text: string, at: number): ReadStep {
  const key = /^[^.["]*/.exec(text.slice(at))?.[0] ?? '';
  if (key === '') return refuse(at - 1, 1, 'A key is missing after this dot.', 'Write .key, or ."odd key" in quotes.');
  if (!plainKey.test(key)) return refuse(at, key.length, `The key “${key}” must be quoted.`, `Write ."${key}".`);
  return { ok: true, value: { step: { kind: 'key', name: key }, end: at + key.length } };
}

function refuse(at: number, length: number, message: string, hint: string) {
  return { ok: false, at, length, message, hint } as const;
}

/** Returns `steps` as written after `json` or `xml`. */
export function writePath(steps: readonly PathStep[]): string {
  return steps.map(writeStep).join('');
}

function writeStep(step: PathStep): string {
  if (step.kind === 'any') return '[*]';
  if (step.kind === 'index') return `[${step.index}]`;
  return plainKey.test(step.name) ? `.${step.name}` : `.${quoteFilterString(step.name)}`;
}
