import { SaxesParser } from 'saxes';
import { assertNever } from '../assert-never.ts';
import { quoted } from './json-advice.ts';
import { type Mistake, maxDepth, maxElementDepth } from './problem.ts';
import { parseXml } from './xml.ts';
import { type Doctype, doctypeStart, readDoctype } from './xml-doctype.ts';
import { bareAmpersands, noEntities, type XmlEntities } from './xml-entities.ts';
import { endOfDoctype, xmlName } from './xml-scan.ts';

/** Thrown to end a walk behind which mistakes are only consequences. */
class Stop extends Error {}

/** What is known of the entities of one document, and which of them were looked at. */
interface Known {
  entities: XmlEntities;
  /** What is wrong with each entity in each context; `undefined` for nothing. */
  readonly verdicts: Map<string, string | undefined>;
  /** The entities whose replacement is being read now, the outermost first. */
  readonly chain: string[];
}

type Namespaces = Record<string, string>;

interface OpenElement {
  readonly name: string;
  readonly at: number;
  /** The namespaces that it declares, and those around it that were looked for. */
  readonly ns: Namespaces;
}

const localName = new RegExp(`^${xmlName}`, 'u');

/** A replacement of plain text up to this length is handed to the parser, which compares namespaces by it. */
const longestPlain = 16;

/**
 * The strict parser, with each of its mistakes as a value and at its place. The replacement of an entity is checked where
 * it is first used and never inserted, so that a document cannot grow by being checked.
 */
class StrictReader extends SaxesParser<{ xmlns: true; fragment: boolean }> {
  readonly #text: string;
  readonly #onMistake: (mistake: Mistake) => void;
  readonly #known: Known;
  readonly #open: OpenElement[] = [];
  /** The namespaces that the tag in hand declares. */
  #declared: Namespaces = {};
  #isInTag = false;
  #closed = '';
  #lastAt = -1;

  constructor(text: string, onMistake: (mistake: Mistake) => void, known: Known, isDocument: boolean) {
    super({ xmlns: true, fragment: !isDocument });
    this.#text = text;
    this.#onMistake = onMistake;
    this.#known = known;
    this.on('doctype', () => {
      const { entities } = known;
      known.entities = { ...entities, isWhole: entities.isWhole || this.xmlDecl.standalone === 'yes' };
      for (const [name, entity] of entities.declared) {
        if (entity.kind === 'internal' && isPlain(entity.replacement)) this.ENTITIES[name] ??= entity.replacement;
      }
    });
    this.on('opentagstart', ({ ns }) => {
      this.#isInTag = true;
      this.#declared = ns;
    });
    this.on('opentag', ({ name, attributes, ns, isSelfClosing }) => {
      this.#isInTag = false;
      for (const one of [name, ...Object.keys(attributes)]) this.#checkLocalName(one);
      if (isSelfClosing) return;
      if (this.#open.length >= maxElementDepth) {
        this.#report(this.#tagAt(), 1, `Elements are nested deeper than ${maxElementDepth} levels`);
        throw new Stop();
      }
      this.#open.push({ name, at: this.#tagAt(), ns });
    });
    this.on('closetag', ({ name, isSelfClosing }) => {
      if (isSelfClosing) return;
      this.#closed = name;
      this.#open.pop();
    });
  }

  /** Keeps what was found with the innermost element: a search through all of them for each tag would cost too much. */
  override resolve(prefix: string): string | undefined {
    const around = this.#open.at(-1)?.ns;
    if (around === undefined || prefix in this.#declared) return super.resolve(prefix);
    const uri = around[prefix] ?? super.resolve(prefix) ?? (prefix === '' ? '' : undefined);
    if (uri !== undefined) around[prefix] = uri;
    return uri;
  }

  /** Reports a name whose part behind the prefix is none (Namespaces in XML 1.0, production 4). */
  #checkLocalName(name: string): void {
    const local = name.indexOf(':') + 1;
    if (local === 0 || local === name.length || localName.test(name.slice(local))) return;
    const from = this.#tagAt();
    const at = from + Math.max(0, this.#text.slice(from, this.position).lastIndexOf(name)) + local;
    const found = quoted(String.fromCodePoint(name.codePointAt(local) ?? 0));
    this.#report(at, 1, `Unexpected ${found} behind a prefix: a name does not begin with this character`);
  }

  /** Looks at a reference to an entity that is none of XML's own: it was declared, or it is a mistake. */
  #reference(at: number): void {
    const start = this.#text.lastIndexOf('&', at);
    const name = this.#text.slice(start + 1, at);
    const reason = entityVerdict(name, this.#isInTag, this.#known);
    if (reason !== undefined) this.#report(start, at + 1 - start, `The entity ${quoted(`&${name};`)} ${reason}`);
  }

  override fail(message: string): this {
    const at = Math.max(0, Math.min(this.position - 1, this.#text.length));
    if (message === 'undefined entity.') {
      this.#reference(at);
      return this;
    }
    const tagAt = this.#tagAt();
    if (message === 'unexpected close tag.') this.#reportTag(`${quoted(`</${this.#closed}>`)} is expected`);
    else if (message.startsWith('unmatched closing tag')) {
      this.#reportTag('it closes nothing');
      // The parser has closed every element to find this one: what it says from here on follows from that.
      throw new Stop();
    } else if (message.startsWith('unclosed tag')) {
      const { name, at: openAt } = this.#open.pop() ?? { name: '', at: tagAt };
      this.#report(openAt, name.length + 1, `${quoted(`<${name}>`)} is never closed`);
    } else if (message === 'text data outside of root node.') {
      const before = this.#text.lastIndexOf('>', this.position - 2) + 1;
      const start = before + this.#text.slice(before, this.position).search(/[^ \t\r\n]|$/);
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

function isPlain(replacement: string): boolean {
  return replacement.length <= longestPlain && !/[&<\]\p{Cc}\p{Surrogate}\ufffe\uffff]/u.test(replacement);
}

/** Returns what is wrong with using the entity `name` in content or `isInTag`, in an attribute; `undefined` for nothing. */
function entityVerdict(name: string, isInTag: boolean, known: Known): string | undefined {
  const { entities, verdicts, chain } = known;
  const key = `${isInTag ? '=' : '>'}${name}`;
  if (chain.includes(name)) return 'contains itself';
  if (verdicts.has(key)) return undefined;
  verdicts.set(key, undefined);
  const entity = entities.declared.get(name);
  if (entity === undefined) return entities.isWhole ? 'is not declared' : undefined;
  switch (entity.kind) {
    case 'unparsed':
      return 'stands for data that is not XML';
    case 'external':
      return isInTag ? 'stands for a file, which a value may not contain' : undefined;
    case 'internal':
      return replacementVerdict(name, entity.replacement, isInTag, known);
    default:
      return assertNever(entity);
  }
}

function replacementVerdict(name: string, replacement: string, isInTag: boolean, known: Known): string | undefined {
  if (known.chain.length >= maxDepth) return `is nested deeper than ${maxDepth} levels`;
  if (isInTag && replacement.includes('<')) return 'contains `<`, which a value may not contain';
  let reason: string | undefined;
  known.chain.push(name);
  const stop = ({ message }: Mistake): never => {
    reason = `is malformed: ${message}`;
    throw new Stop();
  };
  try {
    // In a value the replacement is part of a tag: one is put around it.
    walk(isInTag ? `<a a="${replacement.replaceAll('"', "'")}"/>` : replacement, stop, known);
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
  }
  known.chain.pop();
  return reason;
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
  walk(text, add);
  if (count > 0) return;
  // What the reader for trees cannot follow is a mistake, too: the verdict and the tree never contradict each other.
  const parsed = parseXml(text, maxElementDepth);
  if (parsed.ok) return;
  const { at, length, reason } = parsed.problem;
  add({ at, length, severity: 'error', message: reason });
}

/** Reads `text` strictly: a document, or with `replaced` what an entity of a document stands for. */
function walk(text: string, onMistake: (mistake: Mistake) => void, replaced?: Known): void {
  const report = (at: number, message: string) => onMistake({ at, length: 1, severity: 'error', message });
  const ampersands = bareAmpersands(text);
  for (const at of ampersands) report(at, 'Unexpected `&`: `&` itself is written `&amp;`');
  for (const { index } of text.matchAll(/\p{Surrogate}/gu)) {
    report(index, 'Half of a surrogate pair: XML does not allow this character');
  }
  const known = replaced ?? { entities: noEntities, verdicts: new Map(), chain: [] };
  const readable = replaced ? text : walkDoctype(text, onMistake, known);
  if (readable === undefined) return;
  const reader = new StrictReader(text, onMistake, known, replaced === undefined);
  try {
    reader.write(without(readable, ampersands).toWellFormed()).close();
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
  }
}

/**
 * Reads the declarations of `text` into `known`. Returns the text for the strict parser: without a DOCTYPE that has a mistake, as
 * a second mistake in it is a consequence; `undefined` where such a DOCTYPE has no end.
 */
function walkDoctype(text: string, onMistake: (mistake: Mistake) => void, known: Known): string | undefined {
  const start = doctypeStart(text);
  if (start === undefined) return text;
  const doctype = readDoctype(text, start);
  known.entities = doctype.entities;
  checkDefaults(doctype, onMistake, known);
  if (doctype.mistake === undefined) return text;
  onMistake(doctype.mistake);
  const end = endOfDoctype(text, start);
  return end === undefined ? undefined : text.slice(0, start) + ' '.repeat(end - start) + text.slice(end);
}

/** Checks the entities in default values of attributes. */
function checkDefaults({ references }: Doctype, onMistake: (mistake: Mistake) => void, known: Known): void {
  for (const { name, at, isDeclared } of references) {
    const reason = isDeclared ? entityVerdict(name, true, known) : 'is not declared before it is used';
    if (reason === undefined) continue;
    const message = `The entity ${quoted(`&${name};`)} ${reason}`;
    onMistake({ at, length: name.length + 2, severity: 'error', message });
  }
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
