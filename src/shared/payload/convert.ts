import { XMLBuilder, XMLParser } from 'fast-xml-parser';
import { parseJson } from './json.ts';
import { jsonToYaml } from './json-to-yaml.ts';
import { firstError } from './list-problems.ts';
import { addJsonLosses, addXmlLosses, type Loss, Losses } from './losses.ts';
import { type Checked, problemAt } from './problem.ts';
import { yamlToJson } from './yaml-to-json.ts';

/*
 * Conversion between JSON, XML and YAML; between XML and YAML by way of JSON. In JSON, an element is an object: attributes are members that begin with `@`, text beside them is `#text`,
 * repeated elements are an array. Loads libraries for
 * XML and YAML: import this module when it is needed.
 */

const conventions = { ignoreAttributes: false, attributeNamePrefix: '@', textNodeName: '#text' } as const;
const rootName = 'root';
const itemName = 'item';

/** The formats of documents that can be converted. */
export type ConvertedFormat = 'json' | 'xml' | 'yaml';

/** A converted document, and what it does not contain of the original, in the order of the original. */
interface Conversion {
  readonly text: string;
  readonly losses: readonly Loss[];
}

/**
 * Converts a document. The problem is the first mistake of the document, or what the other format cannot represent. Show `losses` before
 * the result replaces the document. Never throws on input.
 */
export function convertDocument(text: string, from: ConvertedFormat, to: ConvertedFormat): Checked<Conversion> {
  const losses = new Losses();
  const json = from === 'json' ? { ok: true as const, value: text } : toJson(text, from, losses);
  if (!json.ok) return json;
  const result = to === 'json' ? json : fromJson(text, json.value, to, { losses, isOriginal: from === 'json' });
  return result.ok ? { ok: true, value: { text: result.value, losses: losses.list(text) } } : result;
}

function toJson(text: string, from: 'xml' | 'yaml', losses: Losses): Checked<string> {
  if (from === 'yaml') return yamlToJson(text, losses);
  const json = xmlToJson(text);
  const scanned = json.ok ? addXmlLosses(losses, text) : json;
  return scanned.ok ? json : scanned;
}

/** Converts `json`, which is the original `text` itself or was made from it. */
function fromJson(
  text: string,
  json: string,
  to: 'xml' | 'yaml',
  { losses, isOriginal }: { readonly losses: Losses; readonly isOriginal: boolean },
): Checked<string> {
  const parsed = parseJson(json);
  if (parsed.ok) addJsonLosses(losses, json, parsed.value, { to, at: isOriginal ? undefined : 0 });
  const converted = to === 'yaml' ? jsonToYaml(json) : jsonToXml(json);
  if (converted.ok || isOriginal) return converted;
  // The place is one of the document in between.
  return refuse(text, 0, converted.problem.reason);
}

/**
 * Converts an XML document to JSON. Every value is a string, exactly as written; comments and processing instructions are left out. The
 * problem is the first error of the document, or its DOCTYPE, whose declarations have no counterpart in JSON.
 */
export function xmlToJson(text: string): Checked<string> {
  const error = firstError('xml', text);
  if (error) return refuse(text, error.at, error.message);
  const doctype = text.indexOf('<!DOCTYPE');
  if (doctype >= 0) return refuse(text, doctype, 'A document with a DOCTYPE cannot be converted');
  const parser = new XMLParser({
    ...conventions,
    parseTagValue: false,
    parseAttributeValue: false,
    ignoreDeclaration: true,
    ignorePiTags: true,
    // Character references too. Other names cannot occur: they would be errors of the document.
    htmlEntities: true,
  });
  try {
    return { ok: true, value: JSON.stringify(parser.parse(text), undefined, 2) };
  } catch (thrown) {
    // Names that JavaScript reserves, and the library's own limits.
    return refuse(text, 0, `This document cannot be converted: ${thrown instanceof Error ? thrown.message : ''}`);
  }
}

/**
 * Converts a JSON value to an XML document. An object with one member that is not an array names the root element; any other value is put
 * into `<root>`, and the values of an array without a name into `<item>`. Numbers keep every digit. The problem is the first error of the
 * JSON, or a key or character that XML cannot represent.
 */
export function jsonToXml(text: string): Checked<string> {
  const parsed = parseJson(text);
  if (!parsed.ok) return parsed;
  const builder = new XMLBuilder({ ...conventions, format: true, suppressEmptyNode: true });
  const value = named(JSON.parse(text, keepDigits));
  const document = value && Object.keys(value).length === 1 && !isList(value) ? value : { [rootName]: value ?? '' };
  const xml = builder.build(document).trimEnd();
  const error = firstError('xml', xml);
  return error ? refuse(text, 0, `This JSON has no form in XML: ${error.message}`) : { ok: true, value: xml };
}

/** Returns a number as it is written: XML has only text. */
function keepDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === 'number' ? (context?.source ?? value) : value;
}

/** Returns the members of the document's element. */
function named(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (Array.isArray(value)) return { [itemName]: itemsNamed(value) };
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, itemsNamed(member)]));
  }
  return value === null ? undefined : { '#text': value };
}

/** Gives a name to the values of each array in an array. */
function itemsNamed(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => (Array.isArray(item) ? named(item) : itemsNamed(item)));
  }
  return typeof value === 'object' && value !== null ? named(value) : (value ?? '');
}

/** Returns true if the only member is an array or not an element, so that it cannot be the root. */
function isList(value: Readonly<Record<string, unknown>>): boolean {
  const [[key = '', member] = []] = Object.entries(value);
  return Array.isArray(member) || key === '#text' || key.startsWith('@');
}

function refuse(
  text: string,
  at: number,
  reason: string,
): { readonly ok: false; problem: ReturnType<typeof problemAt> } {
  return { ok: false, problem: problemAt(text, at, reason) };
}
