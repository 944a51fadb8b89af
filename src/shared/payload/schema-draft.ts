import { jsonStringValue, parseJson } from './json.ts';

/** The drafts of JSON Schema that can be checked. */
export type SchemaDraft = '6' | '7' | '2019-09' | '2020-12';

const drafts: Readonly<Record<string, SchemaDraft>> = {
  'http://json-schema.org/draft-06/schema': '6',
  'http://json-schema.org/draft-07/schema': '7',
  'http://json-schema.org/schema': '7',
  'https://json-schema.org/draft/2019-09/schema': '2019-09',
  'https://json-schema.org/draft/2020-12/schema': '2020-12',
};

/**
 * Returns the draft that `$schema` of a schema names; draft 7 without `$schema`. The reason is a draft or dialect that cannot be checked.
 */
export function draftOf(
  text: string,
): { readonly ok: true; readonly value: SchemaDraft } | { readonly ok: false; readonly reason: string } {
  const named = schemaMember(text);
  if (named === undefined) return { ok: true, value: '7' };
  const draft = draftNamed(named);
  if (draft !== undefined) return { ok: true, value: draft };
  return { ok: false, reason: `its $schema ${named} is not supported: use draft 6, draft 7, 2019-09 or 2020-12` };
}

/** Returns the draft with the URI `uri`; `undefined` for any other URI. */
export function draftNamed(uri: string): SchemaDraft | undefined {
  const key = uri.replace(/#$/, '').replace(/^https:(?=\/\/json-schema\.org\/(?:draft-0|schema))/, 'http:');
  return Object.hasOwn(drafts, key) ? drafts[key] : undefined;
}

/** Returns the text of the member `$schema` of a JSON object; `undefined` without one. */
export function schemaMember(text: string): string | undefined {
  const parsed = parseJson(text);
  if (!parsed.ok || parsed.value.kind !== 'object') return undefined;
  const member = parsed.value.members.findLast(
    ({ keyAt, keyEnd }) => jsonStringValue(text.slice(keyAt, keyEnd)) === '$schema',
  );
  return member?.value.kind === 'string' ? jsonStringValue(text.slice(member.value.at, member.value.end)) : undefined;
}

type Walk = (value: unknown) => unknown;

const list: Walk = (value) => (Array.isArray(value) ? value.map(subschema) : value);
const oneOrList: Walk = (value) => (Array.isArray(value) ? list(value) : subschema(value));
const map: Walk = (value) => (isObject(value) ? mapValues(value, subschema) : value);
const asIs: Walk = (value) => value;

/** How the value of each keyword of draft 6 and 7 is walked. */
const keywords: Readonly<Record<string, Walk>> = {
  ...Object.fromEntries(['allOf', 'anyOf', 'oneOf'].map((name) => [name, list])),
  ...Object.fromEntries(
    ['additionalItems', 'additionalProperties', 'contains', 'else', 'if', 'not', 'propertyNames', 'then'].map(
      (name) => [name, subschema],
    ),
  ),
  ...Object.fromEntries(
    ['$defs', 'definitions', 'dependencies', 'patternProperties', 'properties'].map((name) => [name, map]),
  ),
  items: oneOrList,
  ...Object.fromEntries(
    [
      ...['$id', 'const', 'enum', 'exclusiveMaximum', 'exclusiveMinimum', 'format', 'maxItems', 'maxLength', 'maximum'],
      ...['maxProperties', 'minItems', 'minLength', 'minProperties', 'minimum', 'multipleOf', 'pattern', 'required'],
      ...['type', 'uniqueItems'],
    ].map((name) => [name, asIs]),
  ),
};

/** The keywords that keep their meaning beside `$ref`: other references lead into them. */
const besideRef = new Set(['$ref', '$defs', 'definitions']);

/**
 * Returns a schema of draft 6 or 7 that Ajv checks as these drafts mean it: without the siblings of `$ref`, which they ignore (draft 7,
 * 8.3), without `$id` in the value of an unknown keyword, and with the property `__proto__`, which Ajv skips, as a pattern.
 */
export function withoutIgnored(schema: object | boolean): object | boolean {
  if (!isObject(schema)) return schema;
  const { $id, $schema } = schema;
  const kept = subschema(schema) as Readonly<Record<string, unknown>>;
  return { ...kept, ...(typeof $id === 'string' ? { $id } : {}), ...(typeof $schema === 'string' ? { $schema } : {}) };
}

function subschema(schema: unknown): unknown {
  if (!isObject(schema)) return schema;
  const hasRef = typeof schema.$ref === 'string';
  const kept = Object.entries(schema).filter(([name]) => !hasRef || besideRef.has(name) || !isKeyword(name));
  return withProto(
    Object.fromEntries(
      kept.map(([name, value]) => [name, isKeyword(name) ? keywords[name]?.(value) : withoutIds(value)]),
    ),
  );
}

function withProto(schema: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { properties, patternProperties: given } = schema;
  if (!isObject(properties) || !Object.hasOwn(properties, '__proto__')) return schema;
  const patterns = isObject(given) ? given : {};
  const patternProperties = {
    ...patterns,
    '^__proto__$': Object.entries(properties).find(([name]) => name === '__proto__')?.[1],
  };
  return { ...schema, patternProperties };
}

function isKeyword(name: string): boolean {
  return Object.hasOwn(keywords, name);
}

function withoutIds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutIds);
  if (!isObject(value)) return value;
  return mapValues(Object.fromEntries(Object.entries(value).filter(([name]) => name !== '$id')), withoutIds);
}

function mapValues(value: Readonly<Record<string, unknown>>, walk: Walk): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, walk(member)]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
