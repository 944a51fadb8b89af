import { SaxesParser } from 'saxes';
import { quoted } from './json-advice.ts';
import { type Mistake, maxDepth } from './problem.ts';
import { parseXml } from './xml.ts';
import { bareAmpersands, readDoctype } from './xml-entities.ts';

/** Thrown to end a walk behind which mistakes are only consequences. */
class Stop extends Error {}

/**
 * The strict parser, with each of its mistakes as a value and at its place. Entities that the document declares count as
 * known and are never expanded, so that a document cannot grow by being checked.
 */
class StrictReader extends SaxesParser<{ xmlns: true }> {
  readonly #text: string;
  readonly #onMistake: (mistake: Mistake) => void;
  readonly #open: { readonly name: string; readonly at: number }[] = [];
  #closed = '';
  #knowsAllEntities = true;
  #lastAt = -1;

  constructor(text: string, onMistake: (mistake: Mistake) => void) {
    super({ xmlns: true });
    this.#text = text;
    this.#onMistake = onMistake;
    this.on('doctype', (doctype) => this.#declare(doctype));
    this.on('opentag', ({ name, isSelfClosing }) => {
      if (isSelfClosing) return;
      if (this.#open.length >= maxDepth) {
        this.#report(this.#tagAt(), 1, `Elements are nested deeper than ${maxDepth} levels`);
        throw new Stop();
      }
      this.#open.push({ name, at: this.#tagAt() });
    });
    this.on('closetag', ({ name, isSelfClosing }) => {
      if (isSelfClosing) return;
      this.#closed = name;
      this.#open.pop();
    });
  }

  #declare(doctype: string): void {
    const { entities, isWhole } = readDoctype(doctype);
    for (const name of entities) this.ENTITIES[name] ??= '';
    this.#knowsAllEntities = isWhole || this.xmlDecl.standalone === 'yes';
  }

  override fail(message: string): this {
    const at = Math.max(0, Math.min(this.position - 1, this.#text.length));
    const tagAt = this.#tagAt();
    if (message === 'undefined entity.') {
      const start = this.#text.lastIndexOf('&', at);
      const entity = quoted(this.#text.slice(start, at + 1));
      if (this.#knowsAllEntities) this.#report(start, at + 1 - start, `The entity ${entity} is not declared`);
    } else if (message === 'unexpected close tag.') this.#reportTag(`${quoted(`</${this.#closed}>`)} is expected`);
    else if (message.startsWith('unmatched closing tag')) {
      this.#reportTag('it closes nothing');
      // The parser has closed every element to find this one: what it says from here on follows from that.
      throw new Stop();
    } else if (message.startsWith('unclosed tag')) {
      const { name, at: openAt } = this.#open.pop() ?? { name: '', at: tagAt };
      this.#report(openAt, name.length + 1, `${quoted(`<${name}>`)} is never closed`);
    } else if (message === 'text data outside of root node.') {
      const before = this.#text.lastIndexOf('>', this.position - 2) + 1;
      const start = before + this.#text.slice(before, this.position).search(/\S|$/);
      this.#report(start, 1, 'Unexpected text outside the root element');
    } else if (message.startsWith('duplicate attribute')) {
      const name = message.replace(/^duplicate attribute: (?:\{[^}]*\})?|\.$/g, '');
      const start = Math.max(tagAt, this.#text.lastIndexOf(name, at));
      this.#report(start, name.length, `Duplicate attribute ${quoted(name)}`);
    } else if (message.startsWith('unbound namespace prefix')) {
      const prefix = message.slice(message.indexOf('"') + 1, message.lastIndexOf('"'));
      const start = Math.max(tagAt, this.#text.indexOf(`${prefix}:`, tagAt));
      this.#report(start, prefix.length, `No \`xmlns:\` attribute declares the prefix ${quoted(prefix)}`);
    } else this.#report(at, 1, sentence(message, String.fromCodePoint(this.#text.codePointAt(at) ?? 0)));
    return this;
  }

  /** Where the tag begins that was just read. */
  #tagAt(): number {
    return Math.max(0, this.#text.lastIndexOf('<', this.position - 1));
  }

  #reportTag(reason: string): void {
    const at = this.#tagAt();
    this.#report(at, this.position - at, `Unexpected ${quoted(this.#text.slice(at, this.position))}: ${reason}`);
  }

  /** Reports a mistake; a second one at the same place is a consequence of the first. */
  #report(at: number, length: number, message: string): void {
    if (at === this.#lastAt) return;
    this.#lastAt = at;
    this.#onMistake({ at, length, severity: 'error', message });
  }
}

/** Returns what the parser says, as a sentence for a person. `found` is the character that it stopped at. */
function sentence(message: string, found: string): string {
  if (message === 'disallowed character.') {
    return found === '<'
      ? 'Unexpected `<`: in a value it is written `&lt;`'
      : `Unexpected ${quoted(found)}: XML does not allow this character`;
  }
  const known = Object.hasOwn(sentences, message) ? sentences[message] : undefined;
  if (known !== undefined) return known;
  const plain = message.replace(/\.$/, '');
  return plain.slice(0, 1).toUpperCase() + plain.slice(1);
}

const sentences: Readonly<Record<string, string>> = {
  'malformed comment.': 'A comment may not contain `--`',
  'document must contain a root element.': 'An XML element is expected, there is none',
  'documents may contain only one root.': 'Unexpected second root element: a document has one',
  'text data outside of root node.': 'Unexpected text outside the root element',
  'the string "]]>" is disallowed in char data.': '`]]>` in text is written `]]&gt;`',
  'unquoted attribute value.': 'The value of an attribute stands in quotes',
  'attribute without value.': 'Missing value of an attribute',
  'no whitespace between attributes.': 'White space is expected between attributes',
  'malformed character entity.': 'This character reference stands for no XML character',
};

/** Calls `onMistake` with each mistake of `text` as an XML 1.0 document with namespaces. Throws only what it throws. */
export function walkXml(text: string, onMistake: (mistake: Mistake) => void): void {
  let count = 0;
  const add = (mistake: Mistake) => {
    count += 1;
    onMistake(mistake);
  };
  const ampersands = bareAmpersands(text);
  for (const at of ampersands) {
    add({ at, length: 1, severity: 'error', message: 'Unexpected `&`: `&` itself is written `&amp;`' });
  }
  for (const { index: at } of text.matchAll(/\p{Surrogate}/gu)) {
    add({ at, length: 1, severity: 'error', message: 'Half of a surrogate pair: XML does not allow this character' });
  }
  const parser = new StrictReader(text, add);
  try {
    parser.write(without(text, ampersands).toWellFormed()).close();
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
  }
  if (count > 0) return;
  // What the reader for trees cannot follow is a mistake, too: the verdict and the tree never contradict each other.
  const parsed = parseXml(text);
  if (parsed.ok) return;
  const { at, length, reason } = parsed.problem;
  add({ at, length, severity: 'error', message: reason });
}

/** Returns `text` with a neutral character at each of `places`: behind a bare `&` the parser would read on to any `;`. */
function without(text: string, places: readonly number[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const at of places) {
    parts.push(text.slice(from, at), '+');
    from = at + 1;
  }
  return parts.length === 0 ? text : parts.join('') + text.slice(from);
}
