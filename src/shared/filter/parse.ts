import type { IToken } from 'chevrotain';
import { type FilterProblem, maxFilterLength, type ParsedFilter } from './ast.ts';
import { checkSyntax, Refused } from './check.ts';
import { readSyntax, tokenize } from './grammar.ts';
import { depthProblem, endProblem, strayProblem } from './syntax-problem.ts';

/**
 * Parses `text` as a filter (docs/filters.md). Never throws: returns a problem with its place if the text is not a filter.
 * White space alone is the filter that matches every record.
 */
export function parseFilter(text: string): ParsedFilter {
  if (text.length > maxFilterLength) {
    return refused({
      from: maxFilterLength,
      to: text.length,
      message: `A filter has at most ${maxFilterLength} characters.`,
      hint: 'Shorten it, or use a set: socket in {1, 2, 3}.',
    });
  }
  const tokens: IToken[] = tokenize(text);
  if (tokens.length === 0) return { ok: true, filter: { kind: 'all' } };
  const early = strayProblem(tokens) ?? depthProblem(tokens);
  if (early) return refused(early);
  const syntax = readSyntax(tokens);
  if (!syntax.ok) return refused(endProblem(syntax.stop, tokens));
  try {
    return { ok: true, filter: checkSyntax(syntax.value) };
  } catch (error) {
    if (error instanceof Refused) return refused(error.problem);
    throw error;
  }
}

function refused(problem: FilterProblem): ParsedFilter {
  return { ok: false, problem };
}
