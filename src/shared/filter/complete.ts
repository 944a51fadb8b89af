import type { IToken } from 'chevrotain';
import { transports } from '../socket/transports.ts';
import {
  type FieldHelp,
  type FieldType,
  fieldOf,
  filterConnectives,
  filterFields,
  filterKinds,
  operatorsOf,
} from './fields.ts';
import { tokenize, tokenTypes } from './grammar.ts';

export interface FilterOption {
  readonly label: string;
  /** What takes the place of `[from, to)`; the caret goes behind it. */
  readonly insert: string;
  readonly detail: string;
}

export interface FilterCompletion {
  readonly from: number;
  readonly to: number;
  readonly options: readonly FilterOption[];
}

/** What the grammar expects at a place. */
type Expected =
  | { readonly kind: 'condition' }
  /** Behind a field: an operator, or where it can stand alone also the next condition. */
  | { readonly kind: 'operator'; readonly field: FieldHelp }
  /** Behind “not”, which “in” has to follow. */
  | { readonly kind: 'negated'; readonly field: FieldHelp }
  /** Behind “in”. */
  | { readonly kind: 'set'; readonly field: FieldHelp }
  | { readonly kind: 'value'; readonly field: FieldHelp; readonly inSet: boolean }
  | { readonly kind: 'connective' };

const condition: Expected = { kind: 'condition' };
const connective: Expected = { kind: 'connective' };

/** What can stand at `caret` (UTF-16 units) in `text`, and the part of it that a choice replaces. Never throws. */
export function completeFilter(text: string, caret: number): FilterCompletion {
  const none: FilterCompletion = { from: caret, to: caret, options: [] };
  let expected = condition;
  let current: IToken | undefined;
  for (const token of tokenize(text)) {
    const end = token.startOffset + token.image.length;
    if (token.startOffset >= caret) break;
    if (end >= caret) {
      current = token;
      break;
    }
    expected = after(expected, token);
  }
  if (current === undefined) return { ...none, options: optionsFor(expected) };
  const { tokenType, startOffset: from, image } = current;
  const isText = tokenType === tokenTypes.string || tokenType === tokenTypes.unclosed;
  if (isText) return none;
  const written = text.slice(from, caret);
  const options = optionsFor(expected).filter(({ label }) => label.startsWith(written.toLowerCase()));
  const isMark = !/^[\p{L}\p{N}]/u.test(image);
  const isWhole = options.length === 1 && options[0]?.insert.trim() === written;
  if (isMark && (isWhole || options.length === 0)) {
    // Behind a bracket or a sign something new begins; behind a whole condition only with a space between.
    const next = after(expected, current);
    const glued = next.kind === 'connective';
    return from + image.length === caret && !glued ? { ...none, options: optionsFor(next) } : none;
  }
  return { from, to: from + image.length, options: isWhole ? [] : options };
}

/** What is expected behind `token`, where `expected` was before it. What does not fit is taken for what is nearest. */
function after(expected: Expected, token: IToken): Expected {
  const name = token.tokenType.name;
  if (name === '&&' || name === '||' || name === '(' || name === '!') return condition;
  if (name === ')' || name === '}') return connective;
  switch (expected.kind) {
    case 'condition':
      return name === 'not' ? condition : behindWord(token);
    case 'operator':
      if (name === 'and' || name === 'or') return condition;
      if (name === 'not') return { kind: 'negated', field: expected.field };
      return name === 'in'
        ? { kind: 'set', field: expected.field }
        : { kind: 'value', field: expected.field, inSet: false };
    case 'negated':
      return { kind: 'set', field: expected.field };
    case 'set':
      return { kind: 'value', field: expected.field, inSet: true };
    case 'value':
      return expected.inSet ? expected : connective;
    case 'connective':
      return name === 'and' || name === 'or' ? condition : connective;
  }
}

function behindWord(token: IToken): Expected {
  if (token.tokenType === tokenTypes.string) return connective;
  const field = fieldOf(token.tokenType === tokenTypes.path ? token.image.replace(/[.[].*/s, '') : token.image);
  return field === undefined || field.type === 'flag' ? connective : { kind: 'operator', field };
}

function optionsFor(expected: Expected): FilterOption[] {
  switch (expected.kind) {
    case 'condition':
      return filterFields.map(({ name, type, help }) => ({
        label: name,
        insert: name + behindField[type],
        detail: help,
      }));
    case 'operator': {
      const operators = operatorsOf(expected.field.type).map(({ name, help }) => {
        return { label: name, insert: name === 'in' ? 'in {' : `${name} `, detail: help };
      });
      const standsAlone = expected.field.type === 'tree' || expected.field.type === 'string';
      return standsAlone ? [...operators, ...connectives()] : operators;
    }
    case 'negated':
      return [{ label: 'in', insert: 'in {', detail: 'one of these' }];
    case 'set':
      return [{ label: '{', insert: '{', detail: 'the values, with commas between them' }];
    case 'value':
      return valuesOf(expected.field, expected.inSet ? '' : ' ');
    case 'connective':
      return connectives();
  }
}

/** What is written behind the name of a field of each type. */
const behindField: Readonly<Record<FieldType, string>> = {
  flag: ' ',
  number: ' ',
  time: ' ',
  kind: ' ',
  string: ' ',
  text: ' ',
  bytes: ' ',
  tree: '.',
};

function connectives(): FilterOption[] {
  return filterConnectives
    .filter(({ name }) => name !== '!')
    .map(({ name, help }) => ({ label: name, insert: `${name} `, detail: help }));
}

function valuesOf({ name, type }: FieldHelp, behind: string): FilterOption[] {
  const option = (label: string, detail: string) => ({ label, insert: label + behind, detail });
  if (type === 'kind') {
    return filterKinds.map((kind) => option(kind, kind === 'message' ? 'in or out' : 'kind of record'));
  }
  if (name === 'transport') return transports.map((transport) => option(transport, 'transport'));
  if (type === 'time') return [option('5s', 'since the first record: us ms s m h')];
  return type === 'tree' ? ['true', 'false', 'null'].map((word) => option(word, 'value')) : [];
}

/** `text` with `option` chosen, and where the caret goes. A space that is there already is not doubled. */
export function chooseOption(
  text: string,
  { from, to }: FilterCompletion,
  { insert }: FilterOption,
): { text: string; caret: number } {
  const behind = text.slice(to);
  const rest = insert.endsWith(' ') && behind.startsWith(' ') ? behind.slice(1) : behind;
  return { text: text.slice(0, from) + insert + rest, caret: from + insert.length };
}
