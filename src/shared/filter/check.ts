import type { IToken } from 'chevrotain';
import { parseHex } from '../bytes/hex.ts';
import type { ChecksumVerdict } from '../record/record.ts';
import type { Filter, FilterProblem, NumberField, StringField, TreeTest, TreeValue } from './ast.ts';
import { compilePattern } from './compare.ts';
import type { Comparison, ExactNumber } from './exact-number.ts';
import {
  type FieldType,
  fieldOf,
  filterFields,
  filterKinds,
  filterVerdicts,
  isFlagName,
  nearestName,
  type OperatorName,
  operatorsOf,
} from './fields.ts';
import { type Syntax, tokenTypes } from './grammar.ts';
import { durationOf, exactNumberOf, type Literal, numberOf, readPath, timeOf, unquote } from './literals.ts';

/** Thrown for a filter without a meaning; `parseFilter` returns its problem. */
export class Refused extends Error {
  readonly problem: FilterProblem;
  constructor(from: number, to: number, message: string, hint: string) {
    super(message);
    this.problem = { from, to, message, hint };
  }
}

/** Returns the filter that `syntax` means. Throws `Refused`. */
export function checkSyntax(syntax: Syntax): Filter {
  switch (syntax.kind) {
    case 'and':
    case 'or':
      return { kind: syntax.kind, parts: syntax.parts.map(checkSyntax) };
    case 'not':
      return { kind: 'not', part: checkSyntax(syntax.part) };
    case 'alone':
      return alone(syntax.token);
    case 'compare': {
      const op = syntax.op.tokenType.name.replace(/^(?:sign|word) /, '') as OperatorName;
      return compare(subjectOf(syntax.left, op, syntax.op), op, syntax.right);
    }
    case 'set': {
      const subject = subjectOf(syntax.left, 'in', syntax.op);
      const parts = syntax.values.map((value) => member(subject, value));
      const any: Filter = parts.length === 1 ? (parts[0] as Filter) : { kind: 'or', parts };
      return syntax.negated ? { kind: 'not', part: any } : any;
    }
  }
}

function refuse(token: IToken, message: string, hint: string): never {
  throw new Refused(token.startOffset, token.startOffset + token.image.length, message, hint);
}

/** Returns the value of a literal that begins `offset` units into `token`. Throws `Refused`. */
function take<T>(token: IToken, offset: number, literal: Literal<T>): T {
  if (literal.ok) return literal.value;
  const from = token.startOffset + offset + literal.at;
  throw new Refused(from, from + literal.length, literal.message, literal.hint);
}

const isString = (token: IToken) => token.tokenType === tokenTypes.string;
const isPath = (token: IToken) => token.tokenType === tokenTypes.path;

/** The left side of a comparison. */
type Subject =
  | { readonly type: Exclude<FieldType, 'flag' | 'tree'>; readonly name: string }
  | { readonly type: 'tree'; readonly name: string; readonly tree: Pick<Filter & { kind: 'tree' }, 'format' | 'path'> };

function treeOf(token: IToken): Pick<Filter & { kind: 'tree' }, 'format' | 'path'> {
  const format = token.image.startsWith('json') ? 'json' : 'xml';
  return { format, path: take(token, format.length, readPath(token.image.slice(format.length))) };
}

function alone(token: IToken): Filter {
  if (isString(token)) return { kind: 'text', op: 'contains', value: take(token, 0, unquote(token.image)) };
  const name = token.image;
  if (isFlagName(name)) return { kind: 'flag', flag: name };
  if (isPath(token) || name === 'json' || name === 'xml') {
    return { kind: 'tree', ...treeOf(token), test: { op: 'exists' } };
  }
  const field = fieldOf(name);
  if (field === undefined) return { kind: 'text', op: 'contains', value: name };
  if (field.type === 'checksum') return { kind: 'checksum', verdict: undefined };
  // Containing the empty text means that the record has the field.
  if (field.type === 'string') return { kind: 'string', field: name as StringField, op: 'contains', value: '' };
  return refuse(
    token,
    `“${name}” must be compared with something.`,
    `Write for example ${field.example}; to search for the word, quote it.`,
  );
}

function subjectOf(token: IToken, op: OperatorName, opToken: IToken): Subject {
  const name = token.image;
  if (isFlagName(name)) {
    refuse(opToken, `“${name}” cannot be compared: it is true or false.`, `Write ${name} or !${name}.`);
  }
  const type = isPath(token) ? 'tree' : fieldOf(name)?.type;
  if (type === undefined || type === 'flag') return unknownField(token);
  if (!operatorsOf(type).some((operator) => operator.name === op)) {
    const fitting = operatorsOf(type).map((operator) => operator.name);
    refuse(opToken, `“${opToken.image}” cannot be used with “${name}”.`, `Possible operators: ${fitting.join(' ')}`);
  }
  return type === 'tree' ? { type, name, tree: treeOf(token) } : { type, name };
}

function unknownField(token: IToken): never {
  const name = token.image;
  const names = filterFields.map((field) => field.name);
  const near = nearestName(name, names);
  let hint = `The fields are ${names.join(', ')}`;
  if (near !== undefined) hint = `Did you mean “${near}”?`;
  else if (numberOf(name) !== undefined) hint = 'The field comes first: len > 100.';
  else if (name.includes('.')) hint = `For a place in the message write json.${name} or xml.${name}.`;
  return refuse(token, `There is no field “${name}”.`, hint);
}

/** Returns the test for one value of a set; a range `1..5` of numbers or times includes both ends. */
function member(subject: Subject, value: IToken): Filter {
  const range = /^(.+?)\.\.(.+)$/.exec(value.image);
  const isRange = range !== null && !isString(value) && ['number', 'time', 'duration', 'tree'].includes(subject.type);
  if (!isRange) return compare(subject, '==', value);
  const [, low = '', high = ''] = range;
  const lowToken = { ...value, image: low };
  const highToken = { ...value, image: high, startOffset: value.startOffset + value.image.length - high.length };
  if (subject.type === 'tree') {
    return {
      kind: 'tree',
      ...subject.tree,
      test: { op: 'range', low: exactValue(lowToken), high: exactValue(highToken) },
    };
  }
  return { kind: 'and', parts: [compare(subject, '>=', lowToken), compare(subject, '<=', highToken)] };
}

function compare(subject: Subject, op: OperatorName, value: IToken): Filter {
  switch (subject.type) {
    case 'number':
      return { kind: 'number', field: subject.name as NumberField, op: op as Comparison, value: numberValue(value) };
    case 'time':
      return timeTest(op as Comparison, value);
    case 'duration':
      return { kind: 'call-duration', op: op as Comparison, value: durationValue(value) };
    case 'kind':
      return { kind: 'record-kind', op: op as '==' | '!=', value: kindValue(value) };
    case 'checksum':
      return { kind: 'checksum', verdict: verdictValue(op, value) };
    case 'string': {
      const field = subject.name as StringField;
      return { kind: 'string', field, op: op as '==', value: textValue(op, value) };
    }
    case 'text':
      return { kind: 'text', op: op as '==', value: textValue(op, value) };
    case 'bytes':
      return { kind: 'bytes', op: op as '==', value: bytesValue(value) };
    case 'tree':
      return { kind: 'tree', ...subject.tree, test: treeTest(op, value) };
  }
}

function numberValue(token: IToken): number {
  const value = isString(token) ? undefined : numberOf(token.image);
  return value ?? refuseNumber(token);
}

/** Returns one end of a range of values in a tree. */
function exactValue(token: IToken): ExactNumber {
  return exactNumberOf(token.image) ?? refuseNumber(token);
}

function refuseNumber(token: IToken): never {
  return refuse(token, `${shown(token)} is not a number.`, 'Write a number without quotes: 100, 1.5, 0x1f.');
}

function timeTest(op: Comparison, token: IToken): Filter {
  const written = isString(token) ? token.image.slice(1, -1) : token.image;
  const span = durationOf(written);
  if (span !== undefined) return { kind: 'time', op, value: span, absolute: false };
  const at = timeOf(written);
  if (at !== undefined) return { kind: 'time', op, value: at, absolute: true };
  return refuse(
    token,
    `${shown(token)} is not a time.`,
    'Write 5s, 200ms, 10us, 2m, 1h since the first record, or 2026-01-31T12:00:00Z.',
  );
}

function durationValue(token: IToken): number {
  const span = durationOf(isString(token) ? token.image.slice(1, -1) : token.image);
  return span ?? refuse(token, `${shown(token)} is not a duration.`, 'Write 100ms, 2s, 50us or 1m.');
}

function kindValue(token: IToken): (typeof filterKinds)[number] {
  const written = isString(token) ? token.image.slice(1, -1) : token.image;
  const kind = filterKinds.find((name) => name === written);
  if (kind !== undefined) return kind;
  const near = nearestName(written, filterKinds);
  const hint = near === undefined ? `The kinds are ${filterKinds.join(' ')}` : `Did you mean “${near}”?`;
  return refuse(token, `There is no kind “${written}”.`, hint);
}

/** Returns the only verdict for which the comparison is true: there are two. */
function verdictValue(op: OperatorName, token: IToken): ChecksumVerdict {
  const written = isString(token) ? token.image.slice(1, -1) : token.image;
  const isWanted = (value: string) => (value === written) === (op !== '!=');
  const names = filterVerdicts.map(({ value }) => value);
  const verdict = filterVerdicts.some(({ value }) => value === written) ? names.find(isWanted) : undefined;
  return verdict ?? refuse(token, `“checksum” cannot be “${written}”.`, `The values are ${names.join(' and ')}`);
}

/** Returns a text in quotes or a bare word; after `matches`, a regular expression, which keeps its backslashes. */
function textValue(op: OperatorName, token: IToken): string {
  if (op !== 'matches') return isString(token) ? take(token, 0, unquote(token.image)) : token.image;
  const source = isString(token) ? token.image.slice(1, -1) : token.image;
  const compiled = compilePattern(source);
  if (compiled.ok) return source;
  return refuse(
    token,
    `Invalid regular expression: ${compiled.reason}.`,
    'The syntax is RE2: no look-around, no back-references. Put a backslash before a special character to match it literally.',
  );
}

function bytesValue(token: IToken): Uint8Array {
  const quoted = isString(token);
  const hex = parseHex(quoted ? token.image.slice(1, -1) : token.image);
  if (hex.ok) return hex.bytes;
  const from = token.startOffset + (quoted ? 1 : 0) + hex.at;
  throw new Refused(
    from,
    from + 1,
    `Invalid hex bytes: ${hex.reason}.`,
    'Write two hex digits per byte: 0a:0b. To search for letters, use text contains "…".',
  );
}

function treeTest(op: OperatorName, token: IToken): TreeTest {
  if (op === 'contains' || op === 'matches') return { op, value: textValue(op, token) };
  const value = treeValue(token);
  if ((typeof value === 'boolean' || value === null) && op !== '==' && op !== '!=') {
    refuse(token, `${shown(token)} has no order.`, 'Compare it with == or !=.');
  }
  return { op: op as Comparison, value };
}

function treeValue(token: IToken): TreeValue {
  if (isString(token)) return take(token, 0, unquote(token.image));
  if (token.image === 'true') return true;
  if (token.image === 'false') return false;
  if (token.image === 'null') return null;
  const value = exactNumberOf(token.image);
  if (value !== undefined) return value;
  return refuse(
    token,
    `${shown(token)} is not a value.`,
    `Write a number, true, false or null; quote a text: "${token.image}".`,
  );
}

function shown(token: IToken): string {
  return isString(token) ? token.image : `“${token.image}”`;
}
