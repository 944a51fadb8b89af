import { endOfDoctype, referencePattern } from './xml-scan.ts';
/** A general entity, as the internal subset of a DOCTYPE declares it. */
export type XmlEntity =
  | { readonly kind: 'internal'; readonly replacement: string }
  | { readonly kind: 'external' | 'unparsed' | 'malformed' };

/** What a DOCTYPE says about entities. */
export interface XmlEntities {
  readonly declared: ReadonlyMap<string, XmlEntity>;
  /** No external subset and no parameter entity can declare more. */
  readonly isWhole: boolean;
}

export const noEntities: XmlEntities = { declared: new Map(), isWhole: true };

const opening = /<!--|<\?|["']|<!ENTITY\s+(?!%)[^\s"'<>%]+|%[^\s"'<>%;]+;/g;
const publicId = `"[ \\r\\n\\w'()+,./:=?;!*#@$%-]*"|'[ \\r\\n\\w()+,./:=?;!*#@$%-]*'`;
const literal = `"[^"]*"|'[^']*'`;
const definition = new RegExp(
  `\\s+(?:(${literal})|(?:SYSTEM|PUBLIC\\s+(?:${publicId}))\\s+(?:${literal})(\\s+NDATA\\s+[^\\s>]+)?)\\s*>`,
  'y',
);

/** Reads which general entities `doctype` declares: the text between `<!DOCTYPE` and its `>`. The first declaration counts. */
export function readEntities(doctype: string): XmlEntities {
  const start = doctype.indexOf('[');
  const head = start < 0 ? doctype : doctype.slice(0, start);
  const declared = new Map<string, XmlEntity>();
  let isWhole = !/\s(?:SYSTEM|PUBLIC)\s/.test(head);
  opening.lastIndex = start < 0 ? doctype.length : start;
  for (let match = opening.exec(doctype); match; match = opening.exec(doctype)) {
    const [found] = match;
    if (found.startsWith('%')) isWhole = false;
    else if (found.startsWith('<!ENTITY')) {
      const name = found.slice('<!ENTITY'.length).trim();
      definition.lastIndex = opening.lastIndex;
      const [whole = '', value, notation] = definition.exec(doctype) ?? [];
      if (!declared.has(name)) declared.set(name, entityOf(whole, value, notation));
      opening.lastIndex += whole.length;
    } else {
      const closing = found === '<!--' ? '-->' : found === '<?' ? '?>' : found;
      const end = doctype.indexOf(closing, opening.lastIndex);
      if (end < 0) break;
      opening.lastIndex = end + closing.length;
    }
  }
  opening.lastIndex = 0;
  return { declared, isWhole };
}

function entityOf(whole: string, value: string | undefined, notation: string | undefined): XmlEntity {
  if (whole === '') return { kind: 'malformed' };
  if (value === undefined) return { kind: notation === undefined ? 'external' : 'unparsed' };
  const text = value.slice(1, -1);
  if (text.includes('%') || bareAmpersands(text, true).length > 0) return { kind: 'malformed' };
  // Character references are resolved where the entity is declared, other references where it is used (XML 1.0, 4.5).
  const replacement = text.replace(/&#(?:(\d{1,7})|x([\da-fA-F]{1,6}));/g, (found, decimal, hex) => {
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number.parseInt(decimal, 10);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : found;
  });
  return { kind: 'internal', replacement };
}

const special = /&|<!--|<!\[CDATA\[|<\?|<!DOCTYPE/g;
const closings: Readonly<Record<string, string>> = { '<!--': '-->', '<![CDATA[': ']]>', '<?': '?>' };

/**
 * Returns the places of each `&` that begins no reference, where XML gives it a meaning: in text and attributes, or
 * `everywhere`, as in the value of an entity.
 */
export function bareAmpersands(text: string, everywhere = false): readonly number[] {
  const places: number[] = [];
  special.lastIndex = 0;
  for (let match = special.exec(text); match; match = special.exec(text)) {
    const [found] = match;
    const at = match.index;
    if (found === '&') {
      referencePattern.lastIndex = at;
      if (!referencePattern.test(text)) places.push(at);
      continue;
    }
    if (everywhere) continue;
    const closing = closings[found];
    const end = closing === undefined ? endOfDoctype(text, at) : text.indexOf(closing, at + found.length);
    if (end === undefined || end < 0) break;
    special.lastIndex = end;
  }
  special.lastIndex = 0;
  return places;
}
