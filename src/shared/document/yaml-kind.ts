import type { z } from 'zod';
import { fail } from '../failure.ts';
import type {
  DocumentContext,
  DocumentKind,
  DocumentResult,
  KeptReference,
  KeptValue,
  Notice,
  ParsedDocument,
  WrittenDocument,
} from './document-kind.ts';
import type { Place } from './document-path.ts';
import { editYaml, isYamlMap, newYaml } from './yaml-edit.ts';
import { parseYaml, placeOf, type YamlMap, type YamlPath, type YamlTree, type YamlValue } from './yaml-text.ts';

/** What is wrong with, or worth saying of, one value of a file. */
export interface FileIssue {
  readonly path: YamlPath;
  readonly what: string;
  readonly hint?: string;
}

/** What `read` returns: the value of a file, or what is wrong with it. */
export type ReadFile<Value> =
  | {
      readonly ok: true;
      readonly value: Value;
      readonly notices?: readonly FileIssue[];
      readonly references?: readonly KeptReference[];
    }
  | { readonly ok: false; readonly issue: FileIssue };

export interface FileToWrite {
  /** The data of the file: `undefined` values are left out. */
  readonly file: object;
  readonly notices?: readonly FileIssue[];
  readonly kept?: readonly KeptValue[];
}

/** What differs between the kinds of YAML documents. `File` is the data in the file, `Value` as Wirebench uses it. */
interface YamlKindParts<Kind extends string, File, Value> extends Place {
  readonly kind: Kind;
  readonly label: string;
  readonly schema: z.ZodType<File>;
  /** Says where a value is text however it is written. */
  readonly isText?: (path: YamlPath) => boolean;
  read(file: File, context: DocumentContext): ReadFile<Value>;
  write(value: Value, context: DocumentContext): FileToWrite;
}

const schemaFolder = '.wirebench/schemas';
/** The notices of one document: a hostile one may give a reason for a great many. */
const maxNotices = 100;
const leftAlone = 'Correct it in an editor. The file is not changed until then.';

/** Returns the name of the file with the JSON Schema of a kind. */
export function schemaFileOf(kind: string): string {
  return `${kind}.schema.json`;
}

/** Returns the first line of a new document: it names the schema, which editors then apply. `path` is the document's. */
function schemaComment(kind: string, folder: string, path: string | undefined): string {
  const depth = path === undefined ? (folder === '' ? 0 : 1) : path.split('/').length - 1;
  return ` yaml-language-server: $schema=${'../'.repeat(depth) || './'}${schemaFolder}/${schemaFileOf(kind)}`;
}

/** Makes the descriptor of a kind of YAML document. */
export function yamlKind<const Kind extends string, File, Value>(
  parts: YamlKindParts<Kind, File, Value>,
): DocumentKind<Value, string, Kind> {
  const { kind, label, folder, endings, schema } = parts;

  const read = (content: string | Uint8Array, context: DocumentContext) => {
    const subject = context.path === undefined ? `the ${label}` : `“${context.path}”`;
    const refuse = (line: number, column: number, what: string, hint: string) => {
      const parts = { system: `line ${line}, column ${column}: ${what}`, hint };
      return { ...fail('file', `Could not read ${subject}`, parts), line, column };
    };
    const parsed = parseYaml(content, parts.isText);
    if (!parsed.ok) {
      const { line, column, what, hint } = parsed.problem;
      return refuse(line, column, what, hint);
    }
    const { tree } = parsed;
    const refuseIssue = ({ path, what, hint = leftAlone }: FileIssue) => {
      const { line, column } = placeOf(tree, path);
      return refuse(line, column, path.length === 0 ? what : `${path.join('.')}: ${what}`, hint);
    };
    const checked = checkFile(schema, tree);
    if (!checked.ok) return refuseIssue(checked.issue);
    const value = parts.read(checked.value, context);
    if (!value.ok) return refuseIssue(value.issue);
    const notices = [...(checked.notices ?? []), ...(value.notices ?? [])]
      .slice(0, maxNotices)
      .map((issue) => noticeOf(issue, tree));
    return { ok: true, value: { value: value.value, notices, references: value.references ?? [], tree } } as const;
  };

  return {
    kind,
    label,
    folder,
    endings,
    schema,
    parse(content, context = {}): DocumentResult<ParsedDocument<Value>> {
      const result = read(content, context);
      if (!result.ok) return result;
      const { value, notices, references } = result.value;
      return { ok: true, value: { value, notices, references } };
    },
    stringify(value, previous, context = {}): DocumentResult<WrittenDocument<string>> {
      const { file, notices = [], kept: toKeep = [] } = parts.write(value, context);
      const after = fileData(file);
      const written = (content: string) => ({
        ok: true as const,
        value: { content, notices: notices.map((issue) => noticeOf(issue)), kept: toKeep },
      });
      if (previous === undefined) return written(newYaml(after, schemaComment(kind, folder, context.path)));
      const earlier = read(previous, { ...context, kept: undefined });
      if (!earlier.ok) return earlier;
      const before = fileData(parts.write(earlier.value.value, context).file);
      return written(editYaml(earlier.value.tree, before, after));
    },
  };
}

function noticeOf({ path, what }: FileIssue, tree?: YamlTree): Notice {
  const text = path.length === 0 ? what : `${path.join('.')}: ${what}`;
  return tree ? { text, line: placeOf(tree, path, true).line } : { text };
}

/** Parses the data of a file. Keys that the schema does not have are left out, with a notice. */
function checkFile<File>(schema: z.ZodType<File>, tree: YamlTree): ReadFile<File> {
  const root = tree.value ?? {};
  if (!isYamlMap(root)) {
    return {
      ok: false,
      issue: { path: [], what: 'the document must consist of keys and values', hint: 'Write “key: value” lines.' },
    };
  }
  const notices: FileIssue[] = [];
  let value: YamlMap = root;
  // The keys inside an unknown key are not looked at, so each round may find more.
  for (let round = 0; ; round += 1) {
    const parsed = schema.safeParse(value);
    if (parsed.success) return { ok: true, value: parsed.data, notices };
    const unknown = new Set<string>();
    for (const issue of parsed.error.issues) {
      const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
      if (issue.code !== 'unrecognized_keys') continue;
      for (const key of issue.keys) {
        unknown.add(JSON.stringify([...path, key]));
        notices.push({ path: [...path, key], what: 'is not a known key: it has no effect, and it is kept' });
      }
    }
    const wrong = parsed.error.issues.find(({ code }) => code !== 'unrecognized_keys');
    if (unknown.size === 0 || round > 64) {
      const path = (wrong?.path ?? []).map((step) => (typeof step === 'number' ? step : String(step)));
      return { ok: false, issue: { path, what: wrong?.message ?? 'is not as expected' } };
    }
    value = without(value, [], unknown) as YamlMap;
  }
}

/** Returns a copy of `value` without the keys at the paths in `unknown`. */
function without(value: YamlValue, path: YamlPath, unknown: ReadonlySet<string>): YamlValue {
  if (Array.isArray(value)) return value.map((item: YamlValue, index) => without(item, [...path, index], unknown));
  if (!isYamlMap(value)) return value;
  const known = Object.entries(value).filter(([key]) => !unknown.has(JSON.stringify([...path, key])));
  return Object.fromEntries(known.map(([key, one]) => [key, without(one, [...path, key], unknown)]));
}

/** Returns plain data of YAML, without what is `undefined` and without maps in which nothing is left. */
function fileData(file: object): YamlMap {
  const entries = Object.entries(file).flatMap(([key, value]: [string, unknown]): [string, YamlValue][] => {
    if (value === undefined) return [];
    if (Array.isArray(value))
      return [[key, value.map((item) => (isObject(item) ? fileData(item) : (item as YamlValue)))]];
    if (!isObject(value)) return [[key, value as YamlValue]];
    const data = fileData(value);
    return Object.keys(data).length === 0 ? [] : [[key, data]];
  });
  return Object.fromEntries(entries);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
