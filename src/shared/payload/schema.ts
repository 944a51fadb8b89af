import { Ajv, type ErrorObject, MissingRefError, type Options } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import draft06 from 'ajv/dist/refs/json-schema-draft-06.json' with { type: 'json' };
import addFormats from 'ajv-formats';
import { jsonStringValue, parseJson } from './json.ts';
import type { JsonMember, JsonNode } from './json-syntax.ts';
import { type Checked, type Mistake, maxProblems, type Problem, placeProblems } from './problem.ts';
import { draftOf, type SchemaDraft, withoutIgnored } from './schema-draft.ts';
import { reasonOf } from './schema-reasons.ts';

/*
 * Checks JSON documents against a JSON Schema. Ajv compiles a schema to code, so this module cannot be used where `eval` is forbidden. A
 * hostile schema can take any time and memory: call it in a thread that has limits.
 */

/** A schema and the URI by which `$ref` finds it. */
export interface SchemaSource {
  readonly uri: string;
  readonly text: string;
}

/** A value of the document that does not match the schema. */
export interface SchemaProblem extends Problem {
  /** The JSON Pointer of the value (RFC 6901); empty for the whole document. */
  readonly path: string;
}

export type SchemaVerdict =
  /** The document was checked; without problems, it is valid. */
  | { readonly kind: 'checked'; readonly problems: readonly SchemaProblem[] }
  /** A `$ref` needs the schema at `uri`, which is not among the given ones. */
  | { readonly kind: 'missing'; readonly uri: string }
  /** The schema at `uri` is invalid. `problems` is empty if the place is unknown. */
  | {
      readonly kind: 'invalid-schema';
      readonly uri: string;
      readonly reason: string;
      readonly problems: readonly SchemaProblem[];
    };

const options: Options = {
  strict: false,
  logger: false,
  messages: false,
  // Keywords concern only what the document itself contains, not what JavaScript's objects inherit.
  ownProperties: true,
  code: { regExp: Object.assign(compilePattern, { code: 'compilePattern' }) },
};

/**
 * Checks `text`, a JSON document, against the first of `schemas`; the others can be the target of `$ref`. `isFull`: finds all mismatches,
 * not only the first. Draft 7 is the default; `$schema` selects draft 6, 2019-09 or 2020-12. Numbers are compared as 64-bit floats. The
 * problem is the first mistake of the document as JSON. Never throws on input.
 */
export function checkAgainstSchema(
  text: string,
  schemas: readonly [SchemaSource, ...SchemaSource[]],
  { isFull }: { readonly isFull: boolean },
): Checked<SchemaVerdict> {
  const document = parseJson(text);
  if (!document.ok) return document;
  const compiled = compile(schemas, isFull);
  if (!compiled.ok) return { ok: true, value: compiled.verdict };
  const { validate } = compiled;
  try {
    validate(jsonValue(text));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const reason = 'it refers to itself without end, or nests too deeply';
    return { ok: true, value: { kind: 'invalid-schema', uri: schemas[0].uri, reason, problems: [] } };
  }
  const problems = placed(text, document.value, validate.errors ?? []);
  return { ok: true, value: { kind: 'checked', problems } };
}

type Validate = ((value: unknown) => unknown) & { errors?: ErrorObject[] | null };

type Compiled =
  | { readonly ok: true; readonly validate: Validate }
  | { readonly ok: false; readonly verdict: SchemaVerdict };

function compile(schemas: readonly [SchemaSource, ...SchemaSource[]], isFull: boolean): Compiled {
  const [root] = schemas;
  const draft = draftOf(root.text);
  if (!draft.ok) return refuse(root.uri, draft.reason);
  const ajv = createAjv(draft.value, isFull);
  try {
    for (const source of schemas) {
      const invalid = add(ajv, source, draft.value);
      if (invalid) return { ok: false, verdict: invalid };
    }
    const validate = ajv.getSchema(root.uri);
    return validate ? { ok: true, validate } : refuse(root.uri, 'it has no root');
  } catch (error) {
    if (error instanceof MissingRefError) {
      return { ok: false, verdict: { kind: 'missing', uri: error.missingSchema || error.missingRef } };
    }
    if (!(error instanceof Error)) throw error;
    return refuse(root.uri, error instanceof RangeError ? 'it refers to itself without end' : error.message);
  }
}

/** Adds a schema; returns why it is invalid, if it is. */
function add(ajv: Ajv, { uri, text }: SchemaSource, draft: SchemaDraft): SchemaVerdict | undefined {
  const parsed = parseJson(text);
  if (!parsed.ok) {
    const { reason, ...place } = parsed.problem;
    const problem: SchemaProblem = { ...place, severity: 'error', message: reason, path: '' };
    return { kind: 'invalid-schema', uri, reason, problems: [problem] };
  }
  const schema = jsonValue(text) as object | boolean;
  if (!ajv.validateSchema(schema)) {
    const problems = placed(text, parsed.value, ajv.errors ?? []);
    return { kind: 'invalid-schema', uri, reason: problems[0]?.message ?? '', problems };
  }
  ajv.addSchema(draft === '7' || draft === '6' ? withoutIgnored(schema) : schema, uri, undefined, false);
  return undefined;
}

function createAjv(draft: SchemaDraft, isFull: boolean): Ajv {
  const Kind = draft === '2019-09' ? Ajv2019 : draft === '2020-12' ? Ajv2020 : Ajv;
  const ajv = new Kind({ ...options, allErrors: isFull }) as Ajv;
  if (draft === '6') ajv.addMetaSchema(draft06);
  // The type of this CommonJS module describes its default export as an object around it.
  (typeof addFormats === 'function' ? addFormats : (addFormats as { default: typeof addFormats }).default)(ajv);
  return ajv;
}

/** Compiles a `pattern`: as Unicode, and if it is invalid so, as older schemas mean it (`\-`). */
function compilePattern(pattern: string, flags: string): RegExp {
  try {
    return new RegExp(pattern, flags);
  } catch {
    return new RegExp(pattern);
  }
}

/** Returns the value of a JSON text, which may begin with a byte order mark. */
function jsonValue(text: string): unknown {
  return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
}

function refuse(uri: string, reason: string): Compiled {
  return { ok: false, verdict: { kind: 'invalid-schema', uri, reason, problems: [] } };
}

/** Errors that are about the errors of their parts. */
const combinations = new Set(['anyOf', 'oneOf', 'not', 'if', 'contains', 'propertyNames']);
/** Maximum number of mismatches that are put in order. */
const maxPlaced = 100_000;

/** Puts Ajv's errors in the order of the text. At the same place, the error of a combination is before those of its parts. */
function placed(text: string, root: JsonNode, errors: readonly ErrorObject[]): readonly SchemaProblem[] {
  const members = new Members(text);
  const ordered = [true, false].flatMap((first) =>
    errors.slice(0, maxPlaced).filter(({ keyword }) => combinations.has(keyword) === first),
  );
  const unique = new Map<string, Mistake & { readonly path: string }>();
  for (const error of ordered) {
    const mistake = mistakeOf(members, root, error);
    const key = `${mistake.at} ${mistake.message}`;
    if (!unique.has(key)) unique.set(key, mistake);
  }
  const first = [...unique.values()].sort((left, right) => left.at - right.at).slice(0, maxProblems);
  return placeProblems(text, first);
}

function mistakeOf(members: Members, root: JsonNode, error: ErrorObject): Mistake & { readonly path: string } {
  const { instancePath: path, params, propertyName } = error;
  const node = nodeAt(members, root, path);
  const key: unknown =
    propertyName ?? params.additionalProperty ?? params.unevaluatedProperty ?? params.propertyName ?? undefined;
  const member = typeof key === 'string' ? members.of(node, key) : undefined;
  const [at, end] = member ? [member.keyAt, member.keyEnd] : [node.at, node.end];
  const isScalar = member !== undefined || (node.kind !== 'object' && node.kind !== 'array');
  const message = `${path === '' ? 'The document' : path} ${reasonOf(error, node.kind)}`;
  return { at, length: isScalar ? end - at : 1, severity: 'error', message, path };
}

/** Returns the value at a JSON Pointer. */
function nodeAt(members: Members, root: JsonNode, pointer: string): JsonNode {
  let node = root;
  for (const part of pointer.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    const next = node.kind === 'array' ? node.items[Number(name)] : members.of(node, name)?.value;
    if (next === undefined) break;
    node = next;
  }
  return node;
}

/** Finds members of objects by name. */
class Members {
  readonly #text: string;
  readonly #known = new Map<JsonNode, ReadonlyMap<string, JsonMember>>();

  constructor(text: string) {
    this.#text = text;
  }

  /** Returns the last member `name` of `node`, whose value JSON.parse returns. */
  of(node: JsonNode, name: string): JsonMember | undefined {
    if (node.kind !== 'object') return undefined;
    const known = this.#known.get(node);
    if (known) return known.get(name);
    const named = new Map(
      node.members.map((member) => [jsonStringValue(this.#text.slice(member.keyAt, member.keyEnd)), member]),
    );
    this.#known.set(node, named);
    return named.get(name);
  }
}
