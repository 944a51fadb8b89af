import { XMLBuilder, XMLParser } from 'fast-xml-parser';
import { parseJson } from './json.ts';
import { firstError } from './list-problems.ts';
import { type Checked, problemAt } from './problem.ts';

/*
 * Conversion between JSON and XML. An element is an object: attributes are members that begin with `@`, text beside them is `#text`,
 * repeated elements are an array. Loads two XML libraries: import this module when it is needed.
 */

const conventions = { ignoreAttributes: false, attributeNamePrefix: '@', textNodeName: '#text' } as const;
const rootName = 'root';
const itemName = 'item';

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
