import type { Result } from '#shared/failure.ts';
import type { Filter } from '#shared/filter/ast.ts';
import { parseFilter } from '#shared/filter/parse.ts';

/** Parses `text` as a filter. Fails with `bad-input`: what is wrong, where, and what to write. */
export function filterOf(text: string): Result<Filter> {
  const parsed = parseFilter(text);
  if (parsed.ok) return { ok: true, value: parsed.filter };
  const { from, message, hint } = parsed.problem;
  const system = `at character ${from + 1}: ${message}`;
  return { ok: false, error: { code: 'bad-input', message: 'Invalid filter', system, hint } };
}
