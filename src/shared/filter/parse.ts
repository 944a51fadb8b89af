import { EOF, type IToken, tokenMatcher } from 'chevrotain';
import { type FilterProblem, maxFilterLength, type ParsedFilter } from './ast.ts';
import { checkSyntax, Refused } from './check.ts';
import { readSyntax, type SyntaxStop, tokenize, tokenTypes } from './grammar.ts';

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

/** The maximum nesting of parentheses and `not`. */
const maxFilterDepth = 64;

function at(token: IToken, message: string, hint: string): FilterProblem {
  return { from: token.startOffset, to: token.startOffset + token.image.length, message, hint };
}

const strayHints: Readonly<Record<string, string>> = {
  '=': 'Write equality as “==”.',
  '&': 'Write “and” as “&&”.',
  '|': 'Write “or” as “||”.',
  '[': 'Brackets enclose a step of a path: json.items[0], json.items[*], json["odd key"].',
  ']': 'Brackets enclose a step of a path: json.items[0], json.items[*], json["odd key"].',
};

/** Returns the problem of the first token that is never valid in a filter. */
function strayProblem(tokens: readonly IToken[]): FilterProblem | undefined {
  for (const token of tokens) {
    const { tokenType, image } = token;
    if (tokenType === tokenTypes.unclosed) {
      return at(token, 'The closing quote is missing.', 'End the text with ", and write a quote inside as \\".');
    }
    if (tokenType === tokenTypes.stray) {
      return at(token, `Unexpected “${image}”.`, strayHints[image] ?? 'Remove it.');
    }
    if (/^['‘’“”„«»`]/.test(image)) {
      return at(token, 'Texts need straight double quotes.', 'Write it like "this".');
    }
  }
  return undefined;
}

/** Returns the problem of the first parenthesis or `not` nested too deep for the recursion of the parser and the evaluators. */
function depthProblem(tokens: readonly IToken[]): FilterProblem | undefined {
  const bases = [0];
  let depth = 0;
  for (const token of tokens) {
    const name = token.tokenType.name;
    if (name === '(' || name === '!' || name === 'not') {
      depth += 1;
      if (name === '(') bases.push(depth);
    } else if (name === ')') {
      if (bases.length > 1) bases.pop();
      depth = bases.at(-1) ?? 0;
    } else if (name === '&&' || name === '||' || name === 'and' || name === 'or') depth = bases.at(-1) ?? 0;
    if (depth > maxFilterDepth) {
      return at(token, `Nested deeper than ${maxFilterDepth} levels.`, 'Remove unnecessary parentheses.');
    }
  }
  return undefined;
}

/** Returns why parsing stopped where it did. */
function endProblem({ token, rule }: SyntaxStop, tokens: readonly IToken[]): FilterProblem {
  if (token.tokenType === EOF) return cutOff(rule, tokens);
  const { image } = token;
  const is = (type: typeof EOF) => tokenMatcher(token, type);
  const before = tokens[tokens.indexOf(token) - 1];
  if (rule === 'value') {
    return at(token, `A value is missing before “${image}”.`, 'Write a number, a word, or a quoted text.');
  }
  if (rule === 'set') return setProblem(token, before);
  if (is(tokenTypes.openSet) || is(tokenTypes.closeSet) || is(tokenTypes.comma)) {
    return at(token, `“${image}” is only valid in a set.`, 'Write for example socket in {1, 2}.');
  }
  const afterCondition = rule === 'filter' || rule === 'group';
  if (is(tokenTypes.close)) {
    return afterCondition
      ? at(token, 'This “)” has no matching “(”.', 'Remove it, or add “(”.')
      : at(token, 'A condition is missing before “)”.', 'Write for example (in || out).');
  }
  if (is(tokenTypes.operator)) {
    return afterCondition
      ? at(token, `Comparisons cannot be chained with “${image}”.`, 'Combine two: len > 1 && len < 5.')
      : at(
          token,
          `A field is missing before “${image}”.`,
          'Write for example len > 100; quote a word to search for it.',
        );
  }
  if (afterCondition && before !== undefined) {
    return at(
      token,
      `Something is missing between “${before.image}” and “${image}”.`,
      'Combine conditions with && or ||; quote a text of several words.',
    );
  }
  return at(token, `A condition is missing before “${image}”.`, 'Write for example in && len > 100.');
}

function setProblem(token: IToken, before: IToken | undefined): FilterProblem {
  if (before?.tokenType.name === 'in' || before?.tokenType.name === 'not') {
    return at(token, 'A set in braces is missing after “in”.', 'Write for example socket in {1, 2}.');
  }
  return at(token, 'A comma is missing between the values of the set.', 'Write for example socket in {1, 2}.');
}

function cutOff(rule: string, tokens: readonly IToken[]): FilterProblem {
  const last = tokens.at(-1);
  const end = last === undefined ? 0 : last.startOffset + last.image.length;
  const problem = (message: string, hint: string): FilterProblem => ({ from: end, to: end, message, hint });
  if (rule === 'value') return problem('A value is missing at the end.', 'Write a number, a word, or a quoted text.');
  if (rule === 'group') return problem('The closing parenthesis is missing.', 'Add “)”.');
  if (rule === 'set') {
    return last?.tokenType.name === 'in'
      ? problem('A set in braces is missing after “in”.', 'Write for example socket in {1, 2}.')
      : problem('The closing brace of the set is missing.', 'Add “}”.');
  }
  return problem('A condition is missing at the end.', 'Write for example in && len > 100.');
}
