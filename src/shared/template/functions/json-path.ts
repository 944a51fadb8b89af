import { Refused } from '../limits.ts';
import type { Run } from '../scope.ts';
import { plain, reduced, toText } from '../values.ts';
import { shown } from './function.ts';

/** A key, or an index from the start or, if negative, from the end. */
type Step = string | number;

/** `.name`, `["name"]`, `['name']` and `[0]`; the first one directly after `$`. */
const stepPattern = /\.([^.[\]\s"']+)|\[\s*(?:(-?\d{1,9})|"([^"]*)"|'([^']*)')\s*\]/y;

/** The documents that were parsed last, by their bytes: a template reads several paths of one message. */
const parsed = new WeakMap<Uint8Array, unknown>();

/**
 * Returns the value at `path` of the JSON document `input`: bytes, a text, or a value that was read before. Throws `Refused` if the
 * document is not JSON, the path is invalid, or there is no value.
 */
export function readJsonPath(input: unknown, path: string, run: Run): unknown {
  let value = documentOf(plain(input), run);
  for (const step of stepsOf(path, run)) {
    const found = memberOf(value, step);
    if (found === undefined) throw new Refused(`The document has no value at ${shown(path, run)}`);
    value = found;
  }
  return value;
}

function memberOf(value: unknown, step: Step): unknown {
  if (Array.isArray(value)) return typeof step === 'number' ? value.at(step) : undefined;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
  return (value as Readonly<Record<Step, unknown>>)[step];
}

function stepsOf(path: string, run: Run): readonly Step[] {
  const steps: Step[] = [];
  if (!path.startsWith('$')) throw new Refused(`A JSON path begins with \`$\`: ${shown(path, run)}`);
  for (let at = 1; at < path.length; at = stepPattern.lastIndex) {
    stepPattern.lastIndex = at;
    const match = stepPattern.exec(path);
    if (!match) throw new Refused(`${shown(path, run)} is not a JSON path: use \`$.name\`, \`$["name"]\` and \`$[0]\``);
    const [, name, index, double, single] = match;
    steps.push(index === undefined ? (name ?? double ?? single ?? '') : Number(index));
  }
  return steps;
}

function documentOf(input: unknown, run: Run): unknown {
  if (!(input instanceof Uint8Array)) return typeof input === 'string' ? parse(input, run) : input;
  if (!parsed.has(input)) parsed.set(input, parse(toText(input, run.budget), run));
  return parsed.get(input);
}

/** Parses JSON; an integer that a double cannot represent becomes a bigint. */
function parse(text: string, run: Run): unknown {
  run.budget.charge(text.length * 2);
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''), (_key, value: unknown, context?: { readonly source?: string }) => {
      if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
      const source = context?.source ?? '';
      return /^-?\d{16,1000}$/.test(source) ? reduced(BigInt(source)) : value;
    });
  } catch (error) {
    if (error instanceof SyntaxError) throw new Refused('The document is not JSON');
    throw error;
  }
}
