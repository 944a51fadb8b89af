import { showControls } from '#shared/bytes/text.ts';
import { parseFilter } from '#shared/filter/parse.ts';

/** Why `text` is no filter: the filter, the place in it, what is wrong and what to do, a line each. Nothing where it is one. */
export function filterProblem(text: string): string | undefined {
  const parsed = parseFilter(text);
  if (parsed.ok) return undefined;
  const { from, to, message, hint } = parsed.problem;
  const marks = '^'.repeat(Math.max(1, Math.min(to, text.length) - from));
  // Control characters as their symbols, one each: the marks stay under what they mark.
  const lines = [`  ${showControls(text)}`, `  ${' '.repeat(from)}${marks}`, message, hint];
  return `error: this is no filter\n${lines.filter((line) => line !== '').join('\n')}`;
}
