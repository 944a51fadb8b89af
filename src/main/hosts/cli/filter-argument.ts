import { showControls } from '#shared/bytes/text.ts';
import { parseFilter } from '#shared/filter/parse.ts';

/** Returns the error message for an invalid filter: the filter, a marker below the error, the reason and a hint, one line each. */
export function filterProblem(text: string): string | undefined {
  const parsed = parseFilter(text);
  if (parsed.ok) return undefined;
  const { from, to, message, hint } = parsed.problem;
  const marks = '^'.repeat(Math.max(1, Math.min(to, text.length) - from));
  // Each control character becomes one symbol, so that the marker stays in place.
  const lines = [`  ${showControls(text)}`, `  ${' '.repeat(from)}${marks}`, message, hint];
  return `error: invalid filter\n${lines.filter((line) => line !== '').join('\n')}`;
}
