import { endOfDoctype } from './xml-scan.ts';
/** What a DOCTYPE says about entities. */
export interface DoctypeEntities {
  /** The names of the general entities that its internal subset declares. */
  readonly entities: readonly string[];
  /** No external subset and no parameter entity can declare more. */
  readonly isWhole: boolean;
}

const declaration = /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|"[^"]*"|'[^']*'|<!ENTITY\s+(?!%)([^\s"'<>%]+)|%[^\s"'<>%;]+;/g;

/** Reads which entities `doctype` declares: the text between `<!DOCTYPE` and its `>`. Takes time in line with its length. */
export function readDoctype(doctype: string): DoctypeEntities {
  const start = doctype.indexOf('[');
  const head = start < 0 ? doctype : doctype.slice(0, start);
  const entities: string[] = [];
  let isWhole = !/\s(?:SYSTEM|PUBLIC)\s/.test(head);
  if (start < 0) return { entities, isWhole };
  for (const [found, name] of doctype.slice(start).matchAll(declaration)) {
    if (name !== undefined) entities.push(name);
    else if (found.startsWith('%')) isWhole = false;
  }
  return { entities, isWhole };
}

const reference = /&(?:#\d+|#x[0-9a-fA-F]+|[\p{L}_:][\p{L}\p{N}\p{M}_:.·-]*);/uy;
const special = /&|<!--|<!\[CDATA\[|<\?|<!DOCTYPE/g;
const closings: Readonly<Record<string, string>> = { '<!--': '-->', '<![CDATA[': ']]>', '<?': '?>' };

/** Returns the places of each `&` that begins no reference, where XML gives it a meaning: in text and attributes. */
export function bareAmpersands(text: string): readonly number[] {
  const places: number[] = [];
  special.lastIndex = 0;
  for (let match = special.exec(text); match; match = special.exec(text)) {
    const [found] = match;
    const at = match.index;
    if (found === '&') {
      reference.lastIndex = at;
      if (!reference.test(text)) places.push(at);
      continue;
    }
    const closing = closings[found];
    const end = closing === undefined ? endOfDoctype(text, at) : text.indexOf(closing, at + found.length);
    if (end === undefined || end < 0) break;
    special.lastIndex = end;
  }
  special.lastIndex = 0;
  return places;
}
