import { decodeUtf8 } from '../bytes/text.ts';
import type { PathStep } from '../filter/ast.ts';
import { parseFilter } from '../filter/parse.ts';
import { maxTreeBytes, placesOf, textOf } from '../filter/tree-test.ts';
import { parseXml } from '../payload/xml.ts';

/** A place in a message, in the syntax of filters: `json.id`, `xml.order.@id`. */
interface TreePath {
  readonly format: 'json' | 'xml';
  readonly path: readonly PathStep[];
}

/** Longer values are ignored. UTF-16 units. */
const maxKey = 256;

/** Returns the path in `text`, or in words why it is not one. */
export function parseTreePath(text: string): TreePath | string {
  const parsed = parseFilter(text);
  if (!parsed.ok) return `${parsed.problem.message} ${parsed.problem.hint}`;
  const { filter } = parsed;
  if (filter.kind === 'tree' && filter.test.op === 'exists') return { format: filter.format, path: filter.path };
  return 'A path begins with json or xml.';
}

/**
 * Returns a function that reads the text at a path in a message (without its framing); of several the first. It returns
 * `undefined` if nothing is there, if it is not a single value, or if it is longer than 256 characters. Never throws on input.
 */
export function keyReader({ format, path }: TreePath): (body: Uint8Array) => string | undefined {
  const read = format === 'json' ? jsonKey : xmlKey;
  return (body) => {
    if (body.length === 0 || body.length > maxTreeBytes) return undefined;
    const text = decodeUtf8(body)?.replace(/^\ufeff/, '');
    const key = text === undefined ? undefined : read(text, path);
    return key === undefined || key.length > maxKey ? undefined : key;
  };
}

function jsonKey(text: string, path: readonly PathStep[]): string | undefined {
  try {
    const key = valueAt(JSON.parse(text), path);
    return typeof key === 'number' && !Number.isSafeInteger(key) ? exactNumber(text, path) : keyText(key);
  } catch {
    return undefined;
  }
}

/** Returns a number with more digits than a JavaScript number has as it is written. */
function exactNumber(text: string, path: readonly PathStep[]): string | undefined {
  const sources = (_key: string, value: unknown, context?: { readonly source?: string }) =>
    typeof value === 'number' ? (context?.source ?? value) : value;
  return keyText(valueAt(JSON.parse(text, sources), path));
}

function keyText(value: unknown): string | undefined {
  return value === undefined ? undefined : String(value);
}

/** Returns the single value (text, number, boolean) to which `path` leads from `value`; of several the first. */
function valueAt(value: unknown, path: readonly PathStep[], at = 0): unknown {
  const step = path[at];
  if (step === undefined) return typeof value === 'object' ? undefined : value;
  if (typeof value !== 'object' || value === null) return undefined;
  if (step.kind === 'key') {
    if (Array.isArray(value) || !Object.hasOwn(value, step.name)) return undefined;
    return valueAt((value as Readonly<Record<string, unknown>>)[step.name], path, at + 1);
  }
  if (!Array.isArray(value)) return undefined;
  if (step.kind === 'index') return valueAt(value[step.index], path, at + 1);
  for (const element of value) {
    const found = valueAt(element, path, at + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function xmlKey(text: string, path: readonly PathStep[]): string | undefined {
  const parsed = parseXml(text);
  if (!parsed.ok) return undefined;
  const { elements, attributes } = placesOf(parsed.value, path);
  const [element] = elements;
  const key = attributes[0] ?? (element && textOf(text, element).trim());
  return key === '' ? undefined : key;
}
