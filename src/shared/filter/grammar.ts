import { createToken, EmbeddedActionsParser, EOF, type IToken, Lexer } from 'chevrotain';

/** A filter as written: the tokens in their structure, without meaning. */
export type Syntax =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Syntax[] }
  | { readonly kind: 'not'; readonly part: Syntax }
  /** A word, a path or a quoted text without an operator. */
  | { readonly kind: 'alone'; readonly token: IToken }
  | { readonly kind: 'compare'; readonly left: IToken; readonly op: IToken; readonly right: IToken }
  | {
      readonly kind: 'set';
      readonly left: IToken;
      readonly op: IToken;
      readonly negated: boolean;
      readonly values: readonly IToken[];
    };

const space = createToken({ name: 'Space', pattern: /\s+/, group: Lexer.SKIPPED, line_breaks: true });
/** Any token that is a value without quotes. */
const anyWord = createToken({ name: 'AnyWord', pattern: Lexer.NA });
const operator = createToken({ name: 'Operator', pattern: Lexer.NA });

const wordPattern = /[^\s()&|!=<>~"{},[\]]+/;
const stringPattern = /"(?:[^"\\]|\\[\s\S])*"/;
const word = createToken({ name: 'Word', pattern: wordPattern, categories: [anyWord], line_breaks: false });
/** `json.items[0]."odd key"`: reading its steps finds what is wrong inside. */
const path = createToken({
  name: 'Path',
  pattern: new RegExp(
    `(?:json|xml)(?=[.[])(?:${wordPattern.source}|${stringPattern.source}|\\[(?:${stringPattern.source}|[^\\]["\\s]*)\\])*`,
  ),
  categories: [anyWord],
  line_breaks: true,
  start_chars_hint: ['j', 'x'],
});
const string = createToken({ name: 'String', pattern: stringPattern, line_breaks: true });
const unclosed = createToken({ name: 'Unclosed', pattern: /"(?:[^"\\]|\\[\s\S])*\\?/, line_breaks: true });

const keyword = (name: string, pattern: RegExp, ...more: (typeof operator)[]) =>
  createToken({ name, pattern, longer_alt: word, categories: [anyWord, ...more], line_breaks: false });
const wordAnd = keyword('and', /and|AND/);
const wordOr = keyword('or', /or|OR/);
const wordNot = keyword('not', /not|NOT/);
const inWord = keyword('in', /in/);
const contains = keyword('contains', /contains/, operator);
const matches = keyword('matches', /matches/, operator);

/** Comparisons in both spellings; a token's name is the operator. */
const comparisons = [
  ['==', /==/, /eq/],
  ['!=', /!=/, /ne/],
  ['<=', /<=/, /le/],
  ['>=', />=/, /ge/],
  ['<', /</, /lt/],
  ['>', />/, /gt/],
  ['matches', /~/, undefined],
] as const;
const signs = comparisons.map(([name, sign]) =>
  createToken({ name: `sign ${name}`, pattern: sign, categories: [operator], line_breaks: false }),
);
const spelled = comparisons.flatMap(([name, , letters]) =>
  letters ? [keyword(`word ${name}`, letters, operator)] : [],
);

const mark = (name: string, pattern: RegExp) => createToken({ name, pattern, line_breaks: false });
const both = mark('&&', /&&/);
const either = mark('||', /\|\|/);
const open = mark('(', /\(/);
const close = mark(')', /\)/);
const openSet = mark('{', /\{/);
const closeSet = mark('}', /\}/);
const comma = mark(',', /,/);
const bang = mark('!', /!/);
/** Tokens of the alphabet that never occur in a valid filter. */
const stray = mark('Stray', /[=&|[\]]/);

const tokens = [
  ...[space, path, wordAnd, wordOr, wordNot, inWord, contains, matches, ...spelled, word, string, unclosed],
  ...[...signs, both, either, open, close, openSet, closeSet, comma, bang, stray, anyWord, operator],
];

export const tokenTypes = { anyWord, operator, path, string, unclosed, stray, close, open, openSet, closeSet, comma };
let lexer: Lexer | undefined;

class FilterParser extends EmbeddedActionsParser {
  constructor(skipValidations: boolean) {
    super(tokens, { recoveryEnabled: false, maxLookahead: 2, skipValidations });
    this.performSelfAnalysis();
  }

  readonly filter = this.RULE('filter', (): Syntax => {
    const whole = this.SUBRULE(this.either);
    this.CONSUME(EOF);
    return whole;
  });

  readonly either = this.RULE('either', (): Syntax => {
    const parts = [this.SUBRULE1(this.both)];
    this.MANY(() => {
      this.OR([{ ALT: () => this.CONSUME(either) }, { ALT: () => this.CONSUME(wordOr) }]);
      parts.push(this.SUBRULE2(this.both));
    });
    return joined('or', parts);
  });

  readonly both = this.RULE('both', (): Syntax => {
    const parts = [this.SUBRULE1(this.negated)];
    this.MANY(() => {
      this.OR([{ ALT: () => this.CONSUME(both) }, { ALT: () => this.CONSUME(wordAnd) }]);
      parts.push(this.SUBRULE2(this.negated));
    });
    return joined('and', parts);
  });

  readonly negated = this.RULE('negated', (): Syntax => {
    let nots = 0;
    this.MANY(() => {
      this.OR1([{ ALT: () => this.CONSUME(bang) }, { ALT: () => this.CONSUME(wordNot) }]);
      nots += 1;
    });
    let part = this.OR2([
      { ALT: () => this.SUBRULE(this.group) },
      { ALT: () => this.SUBRULE(this.quoted) },
      { ALT: () => this.SUBRULE(this.condition) },
    ]);
    this.ACTION(() => {
      for (; nots > 0; nots -= 1) part = { kind: 'not', part };
    });
    return part;
  });

  readonly group = this.RULE('group', (): Syntax => {
    this.CONSUME(open);
    const part = this.SUBRULE(this.either);
    this.CONSUME(close);
    return part;
  });

  readonly quoted = this.RULE('quoted', (): Syntax => ({ kind: 'alone', token: this.CONSUME(string) }));

  readonly condition = this.RULE('condition', (): Syntax => {
    const left = this.OR1([
      { ALT: () => this.CONSUME(word) },
      { ALT: () => this.CONSUME(path) },
      { ALT: () => this.CONSUME1(inWord) },
    ]);
    let whole: Syntax = { kind: 'alone', token: left };
    this.OPTION(() => {
      whole = this.OR2([
        {
          ALT: (): Syntax => {
            const op = this.CONSUME(operator);
            return { kind: 'compare', left, op, right: this.SUBRULE1(this.value) };
          },
        },
        { ALT: (): Syntax => this.SUBRULE(this.set, { ARGS: [left] }) },
      ]);
    });
    return whole;
  });

  readonly set = this.RULE('set', (left: IToken): Syntax => {
    const negated = this.OPTION(() => this.CONSUME(wordNot)) !== undefined;
    const op = this.CONSUME(inWord);
    this.CONSUME(openSet);
    const values: IToken[] = [];
    this.AT_LEAST_ONE_SEP({ SEP: comma, DEF: () => values.push(this.SUBRULE(this.value)) });
    this.CONSUME(closeSet);
    return { kind: 'set', left, op, negated, values };
  });

  readonly value = this.RULE(
    'value',
    (): IToken => this.OR([{ ALT: () => this.CONSUME(anyWord) }, { ALT: () => this.CONSUME(string) }]),
  );
}

function joined(kind: 'and' | 'or', parts: readonly Syntax[]): Syntax {
  return parts.length === 1 ? (parts[0] as Syntax) : { kind, parts };
}

/** Throws if the tokens or the rules contradict each other. Takes several times as long as creating a lexer and a parser. */
export function validateGrammar(): void {
  new Lexer(tokens, { positionTracking: 'onlyOffset', skipValidations: false });
  new FilterParser(false);
}

/** Returns the tokens of `text`. Every character belongs to one, or is white space. */
export function tokenize(text: string): IToken[] {
  // Created when first needed, without what `validateGrammar` does in a test.
  lexer ??= new Lexer(tokens, { positionTracking: 'onlyOffset', skipValidations: true });
  return lexer.tokenize(text).tokens;
}

/** Where parsing stopped: at `token` (of type `EOF` at the end), within the innermost `rule`. */
export interface SyntaxStop {
  readonly token: IToken;
  readonly rule: string;
}

let parser: FilterParser | undefined;

/** Parses `tokens`. */
export function readSyntax(tokens: IToken[]): { ok: true; value: Syntax } | { ok: false; stop: SyntaxStop } {
  // Created when first needed: the analysis of the grammar takes a few milliseconds.
  parser ??= new FilterParser(true);
  parser.input = tokens;
  const value = parser.filter();
  const error = parser.errors[0];
  if (error === undefined) return { ok: true, value };
  return { ok: false, stop: { token: error.token, rule: error.context.ruleStack.at(-1) ?? 'filter' } };
}
