import { xmlName } from './xml-scan.ts';

/*
 * The tags of an XML document that is being written: it may be unfinished or wrong at any place. Other text is skipped.
 */

/** A tag, `[at, end)`, and its name, `[nameAt, nameEnd)`. */
interface Tag {
  readonly kind: 'open' | 'close' | 'empty';
  readonly name: string;
  readonly at: number;
  readonly end: number;
  readonly nameAt: number;
  readonly nameEnd: number;
}

/** Longer texts are not scanned: it would take more than 30 ms at a keystroke. UTF-16 units. */
const maxScanned = 512 * 1_024;

/** A comment, a CDATA section, an instruction or a DOCTYPE, also one that is not closed; or a tag. */
const markup = new RegExp(
  [
    '<!--[^]*?(?:-->|$)',
    '<!\\[CDATA\\[[^]*?(?:\\]\\]>|$)',
    '<\\?[^]*?(?:\\?>|$)',
    '<![^<>]*(?:>|$)',
    `<(?<slash>/?)(?<name>${xmlName})?(?<rest>(?:"[^"<]*"|'[^'<]*'|[^"'<>])*)(?<close>>?)`,
  ].join('|'),
  'gu',
);

/** Returns the tags of `text` that have a name and are closed by `>`. */
function tagsOf(text: string): Tag[] {
  const tags: Tag[] = [];
  for (const { 0: whole, index: at, groups } of text.matchAll(markup)) {
    const { slash = '', name, rest = '', close } = groups ?? {};
    if (name === undefined || close !== '>') continue;
    const nameAt = at + 1 + slash.length;
    const kind = slash === '/' ? 'close' : rest.endsWith('/') ? 'empty' : 'open';
    tags.push({ kind, name, at, end: at + whole.length, nameAt, nameEnd: nameAt + name.length });
  }
  return tags;
}

/**
 * Matches the tags of a document. Returns the pairs, the tags that are open at the end, the outermost first, and the names of closing tags
 * that close nothing. A closing tag closes only the innermost open tag, if it has the same name.
 */
function matchTags(tags: readonly Tag[]) {
  const pairs: (readonly [open: Tag, close: Tag])[] = [];
  const open: Tag[] = [];
  const unmatched: string[] = [];
  for (const tag of tags) {
    if (tag.kind === 'open') open.push(tag);
    if (tag.kind !== 'close') continue;
    const innermost = open.at(-1);
    if (innermost?.name === tag.name) {
      open.pop();
      pairs.push([innermost, tag]);
    } else {
      unmatched.push(tag.name);
    }
  }
  return { pairs, open, unmatched };
}

/** The text that completes a tag, and the number of UTF-16 units after the cursor that it replaces. */
interface Completion {
  readonly text: string;
  readonly replaced: number;
}

/**
 * Returns what completes the closing tag in `text` after `>` or `</` was typed before `at`: `</name>` or `name>`. After `</`, it replaces
 * the closing tag that is already there. Returns `undefined` if there is nothing to complete: `>` ends a tag whose element is closed, `at`
 * is in a comment, or the text is longer than 512 KB.
 */
export function tagCompletion(text: string, at: number): Completion | undefined {
  if (text.length > maxScanned) return undefined;
  const before = text.slice(0, at);
  if (before.endsWith('</')) return closeTag(before.slice(0, -2), text.slice(at));
  if (!before.endsWith('>')) return undefined;
  const tags = tagsOf(before);
  const last = tags.at(-1);
  if (last?.kind !== 'open' || last.end !== at) return undefined;
  if (isClosedBy(matchTags(tags).open, text.slice(at))) return undefined;
  return { text: `</${last.name}>`, replaced: 0 };
}

/** Returns the completion of `</` between `before` and `after`. */
function closeTag(before: string, after: string): Completion | undefined {
  const { open } = matchTags(tagsOf(before));
  const name = open.at(-1)?.name;
  if (name === undefined || !/^(?:[\s<]|$)/.test(after.slice(0, 1)) || isInside(before, '</x>')) return undefined;
  const own = `</${name}>`;
  const isThere = after.startsWith(own) && isClosedBy(open, after);
  return { text: `${name}>`, replaced: isThere ? own.length : 0 };
}

/** Returns true if `after` has the closing tags of all `open` tags. */
function isClosedBy(open: readonly Tag[], after: string): boolean {
  const closing = matchTags(tagsOf(after)).unmatched;
  const names = open.map(({ name }) => name).reverse();
  return names.length <= closing.length && names.every((name, index) => closing[index] === name);
}

/** Returns true if a tag written after `text` would be a part of something else: a comment, a CDATA section or a value. */
function isInside(text: string, tag: string): boolean {
  return tagsOf(text + tag).at(-1)?.at !== text.length;
}

/** The places of two names, `[at, end)`. */
type TagNames = readonly [{ readonly at: number; readonly end: number }, { readonly at: number; readonly end: number }];

/**
 * Returns the names of the opening and the closing tag of an element if `at` is in or at the end of one of them. Returns `undefined`
 * elsewhere, for a tag without its counterpart, and in a text that is longer than 512 KB.
 */
export function tagNamesAt(text: string, at: number): TagNames | undefined {
  if (text.length > maxScanned) return undefined;
  const isAt = ({ nameAt, nameEnd }: Tag) => nameAt <= at && at <= nameEnd;
  const { pairs } = matchTags(tagsOf(text));
  const pair = pairs.find(([open, close]) => isAt(open) || isAt(close));
  if (!pair) return undefined;
  const [open, close] = pair;
  return [
    { at: open.nameAt, end: open.nameEnd },
    { at: close.nameAt, end: close.nameEnd },
  ];
}
