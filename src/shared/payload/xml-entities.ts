import { endOfDoctype, referencePattern } from './xml-scan.ts';

/** A general entity, as the internal subset of a DOCTYPE declares it. */
export type XmlEntity =
  | { readonly kind: 'internal'; readonly replacement: string }
  | { readonly kind: 'external' | 'unparsed' };

/** What a DOCTYPE says about entities. */
export interface XmlEntities {
  readonly declared: ReadonlyMap<string, XmlEntity>;
  /** No external subset and no parameter entity can declare more. */
  readonly isWhole: boolean;
}

export const noEntities: XmlEntities = { declared: new Map(), isWhole: true };

const characterReference = /&#(?:(\d+)|x([\da-fA-F]+));/g;
const character = /^[\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]$/u;

/** Returns the character that a reference stands for; `undefined` where it is none of XML's (XML 1.0, 2.2). */
function characterOf(decimal: string | undefined, hex: string | undefined): string | undefined {
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number.parseInt(decimal, 10);
  const found = code <= 0x10ffff ? String.fromCodePoint(code) : '';
  return character.test(found) ? found : undefined;
}

/** Returns `value` with its character references resolved, as where an entity is declared (XML 1.0, 4.5). */
export function resolveCharacters(value: string): string {
  return value.replace(characterReference, (found, decimal, hex) => characterOf(decimal, hex) ?? found);
}

/** Returns where the first reference to a character that XML does not have begins in `value`; -1 where there is none. */
export function strayReference(value: string): number {
  for (const { 1: decimal, 2: hex, index } of value.matchAll(characterReference)) {
    if (characterOf(decimal, hex) === undefined) return index;
  }
  return -1;
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
