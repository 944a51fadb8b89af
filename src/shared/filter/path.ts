import type { PathStep } from './ast.ts';
import { type Literal, quoteFilterString, unquote } from './literals.ts';

/** A key that needs no quotes. */
const plainKey = /^[\p{L}\p{N}\p{M}_$@:-]+$/u;

/** The steps of a path as written behind `json` or `xml`: `.user.id`, `.items[0]`, `[*]`, `."odd key"`, `["odd key"]`. */
export function readPath(text: string): Literal<PathStep[]> {
  const steps: PathStep[] = [];
  let at = 0;
  const refuse = (length: number, message: string, hint: string) => ({ ok: false, at, length, message, hint }) as const;
  while (at < text.length) {
    const bracket = text[at] === '[';
    if (!bracket && text[at] !== '.')
      return refuse(1, 'A dot is missing in the path.', 'Steps are written .key or [0].');
    at += 1;
    if (text[at] === '"') {
      const quoted = /^"(?:[^"\\]|\\[\s\S])*"/.exec(text.slice(at))?.[0] ?? '""';
      const name = unquote(quoted);
      if (!name.ok) return { ...name, at: at + name.at };
      steps.push({ kind: 'key', name: name.value });
      at += quoted.length;
      if (bracket) at += 1;
    } else if (bracket) {
      const inside = text.slice(at, text.indexOf(']', at));
      if (inside === '*') steps.push({ kind: 'any' });
      else if (/^\d{1,9}$/.test(inside)) steps.push({ kind: 'index', index: Number(inside) });
      else return refuse(inside.length, `“[${inside}]” is no step.`, 'Write [0], [*] for any element, or ["key"].');
      at += inside.length + 1;
    } else {
      const key = /^[^.["]*/.exec(text.slice(at))?.[0] ?? '';
      if (key === '') {
        at -= 1;
        return refuse(1, 'A key is missing after this dot.', 'Write .key, or ."odd key" in quotes.');
      }
      if (!plainKey.test(key)) return refuse(key.length, `“${key}” is no plain key.`, `Write it in quotes: ."${key}".`);
      steps.push({ kind: 'key', name: key });
      at += key.length;
    }
  }
  return { ok: true, value: steps };
}

/** `steps` as they are written behind `json` or `xml`. */
export function writePath(steps: readonly PathStep[]): string {
  return steps.map(writeStep).join('');
}

function writeStep(step: PathStep): string {
  if (step.kind === 'any') return '[*]';
  if (step.kind === 'index') return `[${step.index}]`;
  return plainKey.test(step.name) ? `.${step.name}` : `.${quoteFilterString(step.name)}`;
}
