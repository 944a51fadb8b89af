import type { PathStep } from './ast.ts';
import { type Literal, quoteFilterString, unquote } from './literals.ts';

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
