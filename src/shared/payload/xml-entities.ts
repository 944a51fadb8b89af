import { endOfDoctype, referencePattern } from './xml-scan.ts';

/** A general entity that the internal subset of a DOCTYPE declares. */
export type XmlEntity =
  | { readonly kind: 'internal'; readonly replacement: string }
  | { readonly kind: 'external' | 'unparsed' };

/** The entities that a DOCTYPE declares. */
export interface XmlEntities {
  readonly declared: ReadonlyMap<string, XmlEntity>;
  /** No external subset or parameter entity can add declarations. */
  readonly isWhole: boolean;
}

export const noEntities: XmlEntities = { declared: new Map(), isWhole: true };

const characterReference = /&#(?:(\d+)|x([\da-fA-F]+));/g;
const character = /^[\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]$/u;

/** Returns the character of a reference; `undefined` if XML does not allow it (XML 1.0, 2.2). */
function characterOf(decimal: string | undefined, hex: string | undefined): string | undefined {
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number.parseInt(decimal, 10);
  const found = code <= 0x10ffff ? String.fromCodePoint(code) : '';
  return character.test(found) ? found : undefined;
}

/** Resolves the character references of `value`, as in the declaration of an entity (XML 1.0, 4.5). */
export function resolveCharacters(value: string): string {
  return value.replace(characterReference, (found, decimal, hex) => characterOf(decimal, hex) ?? found);
}

/** Returns the offset of the first reference to a character that XML does not allow; -1 without one. */
export function strayReference(value: string): number {
  for (const { 1: decimal, 2: hex, index } of value.matchAll(characterReference)) {
    if (characterOf(decimal, hex) === undefined) return index;
  }
  return -1;
}

const special = /&|<!--|<!\[CDATA\[|<\?|<!DOCTYPE/g;
const closings: Readonly<Record<string, string>> = { '<!--': '-->', '<![CDATA[': ']]>', '<?': '?>' };

/**
 * Returns the offsets of each `&` that does not begin a reference, where XML gives it a meaning: in text and attributes, or with
 * `everywhere`, anywhere, as in the value of an entity.
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
