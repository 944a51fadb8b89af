import type { ErrorObject } from 'ajv';
import type { JsonNode } from './json-syntax.ts';
import { quoted } from './problem.ts';

type Params = Readonly<Record<string, unknown>>;
type Reason = (params: Params, kind: JsonNode['kind']) => string;

const kindNames: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'an array',
  string: 'a string',
  number: 'a number',
  integer: 'an integer',
  boolean: 'a boolean',
  null: 'null',
};

const count = (noun: string, plural: string): Reason => {
  return ({ limit }) => `${limit === 1 ? `1 ${noun}` : `${limit} ${plural}`}`;
};
const characters = count('character', 'characters');
const items = count('item', 'items');
const members = count('property', 'properties');
const limitOf: Reason = ({ comparison, limit }) => `must be ${comparison} ${limit}`;
const unexpected =
  (name: string): Reason =>
  (params) =>
    `must not have the property ${quoted(String(params[name]))}`;
const dependency: Reason = ({ property, missingProperty }) =>
  `has the property ${quoted(String(property))}, so it must have ${quoted(String(missingProperty))} too`;
const tooManyItems: Reason = ({ limit, len }) => `must have at most ${limit ?? len} items`;

/** One sentence for each keyword, to continue after the path of the value. */
const reasons: Readonly<Record<string, Reason>> = {
  type: ({ type }, kind) => `must be ${typesOf(type)}, not ${kindNames[kind]}`,
  required: ({ missingProperty }) => `must have the property ${quoted(String(missingProperty))}`,
  additionalProperties: unexpected('additionalProperty'),
  unevaluatedProperties: unexpected('unevaluatedProperty'),
  additionalItems: tooManyItems,
  unevaluatedItems: tooManyItems,
  items: tooManyItems,
  enum: ({ allowedValues }) => `must be one of ${valuesOf(allowedValues)}`,
  const: ({ allowedValue }) => `must be ${literalOf(allowedValue)}`,
  minimum: limitOf,
  maximum: limitOf,
  exclusiveMinimum: limitOf,
  exclusiveMaximum: limitOf,
  multipleOf: ({ multipleOf }) => `must be a multiple of ${multipleOf}`,
  minLength: (params, kind) => `must have at least ${characters(params, kind)}`,
  maxLength: (params, kind) => `must have at most ${characters(params, kind)}`,
  minItems: (params, kind) => `must have at least ${items(params, kind)}`,
  maxItems: (params, kind) => `must have at most ${items(params, kind)}`,
  minProperties: (params, kind) => `must have at least ${members(params, kind)}`,
  maxProperties: (params, kind) => `must have at most ${members(params, kind)}`,
  pattern: ({ pattern }) => `must match the pattern ${quoted(String(pattern))}`,
  format: ({ format }) => `must have the format ${quoted(String(format))}`,
  uniqueItems: ({ i, j }) => `must have no equal items: ${j} and ${i} are equal`,
  contains: ({ minContains = 1, maxContains }) =>
    maxContains === undefined
      ? `must contain at least ${minContains} item that matches`
      : `must contain ${minContains} to ${maxContains} items that match`,
  dependencies: dependency,
  dependentRequired: dependency,
  propertyNames: ({ propertyName }) => `has a property with the invalid name ${quoted(String(propertyName))}`,
  anyOf: () => 'matches none of the alternatives (anyOf)',
  oneOf: ({ passingSchemas }) =>
    Array.isArray(passingSchemas)
      ? `matches the alternatives ${passingSchemas.join(' and ')}, but only one is allowed (oneOf)`
      : 'matches none of the alternatives (oneOf)',
  not: () => 'matches what is excluded (not)',
  if: ({ failingKeyword }) => `does not match the condition's branch (${failingKeyword})`,
  'false schema': () => 'is not allowed',
};

/** Returns why a value of the kind `kind` does not match, as the end of a sentence that begins with the value's path. */
export function reasonOf({ keyword, params }: ErrorObject, kind: JsonNode['kind']): string {
  const reason = Object.hasOwn(reasons, keyword) ? reasons[keyword] : undefined;
  return reason ? reason(params as Params, kind) : `does not match ${quoted(keyword)}`;
}

function typesOf(type: unknown): string {
  const types = Array.isArray(type) ? type : [type];
  return types.map((name) => kindNames[String(name)] ?? String(name)).join(' or ');
}

const shownValues = 5;

function valuesOf(values: unknown): string {
  const all = Array.isArray(values) ? values : [values];
  const shown = all.slice(0, shownValues).map(literalOf).join(', ');
  return all.length > shownValues ? `${shown} and ${all.length - shownValues} more` : shown;
}

function literalOf(value: unknown): string {
  return quoted(JSON.stringify(value) ?? '');
}
