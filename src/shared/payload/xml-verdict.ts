import { SaxesParser } from 'saxes';
import { assertNever } from '../assert-never.ts';
import { type Mistake, maxDepth, maxElementDepth, quoted } from './problem.ts';
import { readSaxesMessage, type SaxesMistake, xmlSentence } from './saxes-messages.ts';
import { parseXml } from './xml.ts';
import { type Doctype, doctypeStart, readDoctype } from './xml-doctype.ts';
import { bareAmpersands, noEntities, type XmlEntities } from './xml-entities.ts';
import { endOfDoctype, xmlName } from './xml-scan.ts';

/** Thrown to end a check when further mistakes would only be consequences. */
class Stop extends Error {}

/** The entities of one document, and the results of their checks. */
interface Known {
  entities: XmlEntities;
  /** The mistake of each entity in each context; `undefined` without one. */
  readonly verdicts: Map<string, string | undefined>;
  /** The entities whose replacement is being checked, the outermost first. */
  readonly chain: string[];
}

type Namespaces = Record<string, string>;

interface OpenElement {
  readonly name: string;
  readonly at: number;
  /** The namespaces that it declares, and the ones around it that were looked up. */
  readonly ns: Namespaces;
}

const localName = new RegExp(`^${xmlName}`, 'u');

/** A replacement of plain text up to this length is passed to the parser, which compares namespaces by it. */
const longestPlain = 16;

/**
 * The strict parser, which reports each of its mistakes with its place. The replacement of an entity is checked where it is first used and
 * never inserted, so that a check cannot make a document grow.
 */
class StrictReader extends SaxesParser<{ xmlns: true; fragment: boolean }> {
  readonly #text: string;
  readonly #onMistake: (mistake: Mistake) => void;
  readonly #known: Known;
  readonly #open: OpenElement[] = [];
  /** The namespaces that the current tag declares. */
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

  /** Stores the result with the innermost element: a search through all elements for each tag would be too slow. */
  override resolve(prefix: string): string | undefined {
    const around = this.#open.at(-1)?.ns;
    if (around === undefined || prefix in this.#declared) return super.resolve(prefix);
    const uri = around[prefix] ?? super.resolve(prefix) ?? (prefix === '' ? '' : undefined);
    if (uri !== undefined) around[prefix] = uri;
    return uri;
  }

  /** Reports a name whose part after the prefix is invalid (Namespaces in XML 1.0, production 4). */
  #checkLocalName(name: string): void {
    const local = name.indexOf(':') + 1;
    if (local === 0 || local === name.length || localName.test(name.slice(local))) return;
    const from = this.#tagAt();
    const at = from + Math.max(0, this.#text.slice(from, this.position).lastIndexOf(name)) + local;
    const found = quoted(String.fromCodePoint(name.codePointAt(local) ?? 0));
    this.#report(at, 1, `Unexpected ${found} after a prefix: a name cannot begin with this character`);
  }

  /** Checks a reference to an entity that is not predefined: it must be declared. */
  #reference(at: number): void {
    const start = this.#text.lastIndexOf('&', at);
    const name = this.#text.slice(start + 1, at);
    const reason = entityVerdict(name, this.#isInTag, this.#known);
    if (reason !== undefined) this.#report(start, at + 1 - start, `The entity ${quoted(`&${name};`)} ${reason}`);
  }

  override fail(message: string): this {
    this.#fail(readSaxesMessage(message));
    return this;
  }

  #fail(mistake: SaxesMistake): void {
    const at = Math.max(0, Math.min(this.position - 1, this.#text.length));
    switch (mistake.kind) {
      case 'undefined-entity':
        this.#reference(at);
        return;
      case 'unexpected-close-tag':
        this.#reportTag(`${quoted(`</${this.#closed}>`)} is expected`);
        return;
      case 'unmatched-close-tag':
        this.#reportTag('it closes nothing');
        // The parser has closed every element to find this one, so its further messages are consequences.
        throw new Stop();
      case 'unclosed-tag': {
        const { name, at: openAt } = this.#open.pop() ?? { name: '', at: this.#tagAt() };
        this.#report(openAt, name.length + 1, `${quoted(`<${name}>`)} is never closed`);
        return;
      }
      case 'text-outside-root': {
        const before = this.#text.lastIndexOf('>', this.position - 2) + 1;
        const start = before + this.#text.slice(before, this.position).search(/[^ \t\r\n]|$/);
        this.#report(start, 1, 'Unexpected text outside the root element');
        return;
      }
      case 'duplicate-attribute': {
        const start = Math.max(this.#tagAt(), this.#text.lastIndexOf(mistake.name, at));
        this.#report(start, mistake.name.length, `Duplicate attribute ${quoted(mistake.name)}`);
        return;
      }
      case 'unbound-prefix': {
        const { prefix } = mistake;
        const tagAt = this.#tagAt();
        const start = Math.max(tagAt, this.#text.indexOf(`${prefix}:`, tagAt));
        this.#report(start, prefix.length, `No \`xmlns:\` attribute declares the prefix ${quoted(prefix)}`);
        return;
      }
      default:
        this.#report(at, 1, xmlSentence(mistake, String.fromCodePoint(this.#text.codePointAt(at) ?? 0)));
    }
  }

  /** Returns the offset of the tag that was just read. */
  #tagAt(): number {
    return Math.max(0, this.#text.lastIndexOf('<', this.position - 1));
  }

  #reportTag(reason: string): void {
    const at = this.#tagAt();
    this.#report(at, this.position - at, `Unexpected ${quoted(this.#text.slice(at, this.position))}: ${reason}`);
  }

  /** Reports a mistake. A second one at the same place is a consequence of the first. */
  #report(at: number, length: number, message: string): void {
    if (at === this.#lastAt) return;
    this.#lastAt = at;
    this.#onMistake({ at, length, severity: 'error', message });
  }
}

function isPlain(replacement: string): boolean {
  return replacement.length <= longestPlain && !/[&<\]\p{Cc}\p{Surrogate}\ufffe\uffff]/u.test(replacement);
}

/** Returns why the entity `name` cannot be used in content or, with `isInTag`, in an attribute; `undefined` if it can. */
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
      return 'refers to data that is not XML';
    case 'external':
      return isInTag ? 'refers to a file, which a value must not contain' : undefined;
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
    // In a value the replacement is part of a tag, so it is enclosed in one.
    walk(isInTag ? `<a a="${replacement.replaceAll('"', "'")}"/>` : replacement, stop, known);
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
  }
  known.chain.pop();
  return reason;
}

/** Calls `onMistake` with each mistake of `text` as an XML 1.0 document with namespaces. Throws only what `onMistake` throws. */
export function walkXml(text: string, onMistake: (mistake: Mistake) => void): void {
  let count = 0;
  const add = (mistake: Mistake) => {
    count += 1;
    onMistake(mistake);
  };
  walk(text, add);
  if (count > 0) return;
  // A mistake of the parser for trees is a mistake, too, so that the verdict and the tree never contradict each other.
  const parsed = parseXml(text, maxElementDepth);
  if (parsed.ok) return;
  const { at, length, reason } = parsed.problem;
  add({ at, length, severity: 'error', message: reason });
}

/** Checks `text` strictly: a document, or with `replaced`, the replacement of an entity. */
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
 * Parses the declarations of `text` into `known`. Returns the text for the strict parser, without a DOCTYPE that has a mistake, as further
 * mistakes in it are consequences; `undefined` if such a DOCTYPE has no end.
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

/** Replaces a bare `&` at each of `places` with a neutral character, after which the parser would read on up to any `;`. */
function without(text: string, places: readonly number[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const at of places) {
    parts.push(text.slice(from, at), '+');
    from = at + 1;
  }
  return parts.length === 0 ? text : parts.join('') + text.slice(from);
}
