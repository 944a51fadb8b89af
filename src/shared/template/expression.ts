import { type Expression, type Token, TypeGuards } from 'liquidjs';
import { builtInValue, filterNamed } from './functions/catalogue.ts';
import type { FilterFunction } from './functions/function.ts';
import { Refused } from './limits.ts';
import { lookUp, type Run } from './scope.ts';
import { areEqual, Emptiness, isTruthy, parseNumber, plain, readMember, toText } from './values.ts';

/** Returns the value of an expression; throws `Refused`. */
export type Evaluate = (run: Run) => unknown;

/** A global name that a template uses, with its place. */
export interface NameUse {
  readonly name: string;
  readonly at: number;
  readonly length: number;
}

/** Where the names that an expression uses are noted. */
export type Uses = NameUse[];

/** Compiles an expression without filters. With `isLenient`, a missing value is `null` and not an error. */
export function compileExpression({ postfix }: Expression, uses: Uses, isLenient: boolean): Evaluate {
  const operands: Evaluate[] = [];
  for (const token of postfix) {
    if (!TypeGuards.isOperatorToken(token)) {
      operands.push(compileToken(token, uses, isLenient));
      continue;
    }
    const right = operands.pop();
    const left = token.operator === 'not' ? right : operands.pop();
    const combine = Object.hasOwn(operators, token.operator) ? operators[token.operator] : undefined;
    if (!left || !right || !combine) throw refusal(token, `Unexpected \`${token.getText()}\``);
    operands.push((run) => {
      run.budget.step();
      return combine(left(run), right(run), run);
    });
  }
  const [only, second] = operands;
  const last = postfix.at(-1);
  if (!only || second)
    throw last ? refusal(last, `Unexpected \`${last.getText()}\``) : new Refused('A value is expected');
  return only;
}

function refusal(token: Token, reason: string): Refused {
  return new Refused(reason, token.begin, Math.max(token.end - token.begin, 1));
}

type Combine = (left: unknown, right: unknown, run: Run) => boolean;

const operators: Readonly<Record<string, Combine>> = {
  '==': (left, right, run) => areEqual(left, right, run.budget),
  '!=': (left, right, run) => !areEqual(left, right, run.budget),
  '>': ordered((left, right) => left > right),
  '<': ordered((left, right) => left < right),
  '>=': ordered((left, right) => left >= right),
  '<=': ordered((left, right) => left <= right),
  contains: (left, right, run) => {
    if (right === null || right === undefined) return false;
    if (Array.isArray(left)) {
      run.budget.charge(left.length);
      return left.some((item) => areEqual(item, right, run.budget));
    }
    const it = plain(left);
    if (typeof it !== 'string' && !(it instanceof Uint8Array)) return false;
    const text = toText(it, run.budget);
    run.budget.charge(text.length);
    return text.includes(toText(right, run.budget));
  },
  not: (value) => !isTruthy(value),
  and: (left, right) => isTruthy(left) && isTruthy(right),
  or: (left, right) => isTruthy(left) || isTruthy(right),
};

type Ordered = number | bigint | string;

/** Compares numbers and texts, and texts that spell numbers with numbers. Other values have no order: the result is false. */
function ordered(compare: (left: Ordered, right: Ordered) => boolean): Combine {
  return (left, right, run) => {
    const [one, other] = [comparable(left, run), comparable(right, run)];
    return one !== undefined && other !== undefined && compare(one, other);
  };
}

function comparable(value: unknown, run: Run): Ordered | undefined {
  const it = plain(value);
  if (typeof it === 'number' || typeof it === 'bigint') return it;
  if (typeof it !== 'string' && !(it instanceof Uint8Array)) return undefined;
  const text = toText(it, run.budget);
  run.budget.charge(text.length);
  return text;
}

const literals: Readonly<Record<string, unknown>> = {
  true: true,
  false: false,
  nil: null,
  null: null,
  empty: new Emptiness(false),
  blank: new Emptiness(true),
};

/** Compiles a literal, a variable or a member of one. */
export function compileToken(token: Token, uses: Uses, isLenient = false): Evaluate {
  if (TypeGuards.isNumberToken(token)) return constant(parseNumber(token.getText()) ?? token.content);
  if (TypeGuards.isQuotedToken(token)) return constant(token.content);
  if (TypeGuards.isLiteralToken(token)) return constant(literals[token.literal]);
  if (TypeGuards.isRangeToken(token)) throw refusal(token, 'A range is only allowed in `for`');
  if (!TypeGuards.isPropertyAccessToken(token)) throw refusal(token, `Unexpected \`${token.getText()}\``);
  const [first, ...others] = token.props;
  const hasOwner = token.variable !== undefined;
  const members = (hasOwner ? token.props : others).map((prop) => compileKey(prop, uses));
  const owner = token.variable ? compileToken(token.variable, uses) : compileName(first as Token, uses);
  const name = token.getText();
  const [only] = members;
  return (run) => {
    let value = owner(run);
    if (only !== undefined) {
      run.budget.charge(members.length);
      for (const member of members) value = readMember(value, member(run), run.budget);
    }
    if (value !== undefined) return value;
    if (isLenient) return null;
    const isSecret = run.scope.missingSecrets?.includes(name) === true;
    throw refusal(
      token,
      isSecret ? `The secret \`${name}\` is not set on this machine` : `There is no value \`${name}\``,
    );
  };
}

function constant(value: unknown): Evaluate {
  return () => value;
}

/** Compiles what is between brackets or after a dot. */
function compileKey(token: Token, uses: Uses): Evaluate {
  return TypeGuards.isWordToken(token) ? constant(token.content) : compileToken(token, uses);
}

/** Compiles the first name of a variable. */
function compileName(token: Token, uses: Uses): Evaluate {
  if (!TypeGuards.isWordToken(token) && !TypeGuards.isQuotedToken(token)) {
    const key = compileToken(token, uses);
    return (run) => readName(toText(key(run), run.budget), run);
  }
  const name = token.content;
  uses.push({ name, at: token.begin, length: token.end - token.begin });
  const builtIn = builtInValue(name);
  return (run) => {
    if (run.locals.size > 0 && run.locals.has(name)) return run.locals.get(name);
    const own = lookUp(run.scope, name);
    return own === undefined && builtIn ? builtIn.read(run) : own;
  };
}

function readName(name: string, run: Run): unknown {
  if (run.locals.has(name)) return run.locals.get(name);
  const own = lookUp(run.scope, name);
  return own === undefined ? builtInValue(name)?.read(run) : own;
}

/** The parts of a filter that LiquidJS parsed. */
export interface FilterSyntax {
  readonly name: string;
  readonly args: readonly (Token | readonly [string?, Token?])[];
  readonly token: Token;
}

/** Compiles one filter of a value; throws `Refused` for an unknown name or wrong parameters. */
export function compileFilter({ name, args, token }: FilterSyntax, input: Evaluate, uses: Uses): Evaluate {
  const found = filterNamed(name);
  if (!found) throw refusal(token, `There is no filter \`${name}\``);
  const { apply } = found;
  const compiled = argumentsOf(found, args, token).map((arg) => arg && compileToken(arg, uses));
  const { begin, end } = token;
  return (run) => {
    const value = input(run);
    run.budget.step();
    run.budget.charge(compiled.length);
    run.at = begin;
    run.length = end - begin;
    return apply(value, compiled.length === 0 ? noArguments : compiled.map((arg) => arg?.(run)), run);
  };
}

const noArguments: readonly unknown[] = [];

/** Returns the arguments by position; they may also be written with the names of the parameters. */
function argumentsOf(found: FilterFunction, args: FilterSyntax['args'], token: Token): (Token | undefined)[] {
  const names = found.parameters.map((parameter) => parameter.replace(/[?…]$/, ''));
  const repeats = found.parameters.at(-1)?.endsWith('…') ?? false;
  const result: (Token | undefined)[] = [];
  for (const arg of args) {
    if (!Array.isArray(arg)) {
      result.push(arg as Token);
      continue;
    }
    const [name = '', given] = arg as readonly [string?, Token?];
    const index = names.indexOf(name);
    if (index < 0) throw refusal(token, `\`${found.name}\` has no parameter \`${name}\``);
    while (result.length < index) result.push(undefined);
    result[index] = given;
  }
  if (!repeats && result.length > names.length) {
    throw refusal(token, `\`${found.name}\` has ${names.length} parameters, not ${result.length}`);
  }
  const missing = found.parameters.find((it, index) => /[^?…]$/.test(it) && result[index] === undefined);
  if (missing !== undefined) throw refusal(token, `\`${found.name}\` needs \`${missing}\``);
  return result;
}
