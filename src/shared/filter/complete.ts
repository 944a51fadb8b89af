import type { IToken } from 'chevrotain';
import { transports } from '../socket/transports.ts';
import {
  type FieldHelp,
  type FieldType,
  fieldOf,
  filterConnectives,
  filterFields,
  filterKinds,
  filterVerdicts,
  operatorsOf,
} from './fields.ts';
import { tokenize, tokenTypes } from './grammar.ts';

export interface FilterOption {
  readonly label: string;
  /** Replaces `[from, to)`; the caret is placed after it. */
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
  /** After a field: an operator, or also the next condition if the field can be used alone. */
  | { readonly kind: 'operator'; readonly field: FieldHelp }
  /** After “not”, which must be followed by “in”. */
  | { readonly kind: 'negated'; readonly field: FieldHelp }
  /** After “in”. */
  | { readonly kind: 'set'; readonly field: FieldHelp }
  | { readonly kind: 'value'; readonly field: FieldHelp; readonly inSet: boolean }
  | { readonly kind: 'connective' };

const condition: Expected = { kind: 'condition' };
const connective: Expected = { kind: 'connective' };

/** Returns the options at `caret` (UTF-16 units) in `text`, and the range that an option replaces. Never throws. */
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
    // A new token begins after a bracket or a sign; after a whole condition only if a space separates them.
    const next = after(expected, current);
    const glued = next.kind === 'connective';
    return from + image.length === caret && !glued ? { ...none, options: optionsFor(next) } : none;
  }
  return { from, to: from + image.length, options: isWhole ? [] : options };
}

/** Returns what is expected after `token`, where `expected` was before it. Handles an unexpected token like the nearest expected one. */
function after(expected: Expected, token: IToken): Expected {
  const name = token.tokenType.name;
  if (name === '&&' || name === '||' || name === '(' || name === '!') return condition;
  if (name === ')' || name === '}') return connective;
  switch (expected.kind) {
    case 'condition':
      return name === 'not' ? condition : afterWord(token);
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

function afterWord(token: IToken): Expected {
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
      const standsAlone = ['tree', 'string', 'checksum'].includes(expected.field.type);
      return standsAlone ? [...operators, ...connectives()] : operators;
    }
    case 'negated':
      return [{ label: 'in', insert: 'in {', detail: 'one of the values' }];
    case 'set':
      return [{ label: '{', insert: '{', detail: 'values, separated by commas' }];
    case 'value':
      return valuesOf(expected.field, expected.inSet ? '' : ' ');
    case 'connective':
      return connectives();
  }
}

/** The text to insert after the name of a field of each type. */
const behindField: Readonly<Record<FieldType, string>> = {
  flag: ' ',
  number: ' ',
  time: ' ',
  duration: ' ',
  kind: ' ',
  checksum: ' ',
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

function valuesOf({ name, type }: FieldHelp, suffix: string): FilterOption[] {
  const option = (label: string, detail: string) => ({ label, insert: label + suffix, detail });
  if (type === 'kind') {
    return filterKinds.map((kind) => option(kind, kind === 'message' ? 'in or out' : 'kind of record'));
  }
  if (type === 'checksum') return filterVerdicts.map(({ value, help }) => option(value, help));
  if (name === 'transport') return transports.map((transport) => option(transport, 'transport'));
  if (type === 'time') return [option('5s', 'since the first record: us ms s m h')];
  return type === 'tree' ? ['true', 'false', 'null'].map((word) => option(word, 'value')) : [];
}

/** Returns `text` with `option` inserted, and the position of the caret. Does not double a space. */
export function chooseOption(
  text: string,
  { from, to }: FilterCompletion,
  { insert }: FilterOption,
): { text: string; caret: number } {
  const following = text.slice(to);
  const rest = insert.endsWith(' ') && following.startsWith(' ') ? following.slice(1) : following;
  return { text: text.slice(0, from) + insert + rest, caret: from + insert.length };
}
