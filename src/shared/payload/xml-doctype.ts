import { Malformed, type Mistake, maxDepth, quoted } from './problem.ts';
import { bareAmpersands, resolveCharacters, strayReference, type XmlEntities, type XmlEntity } from './xml-entities.ts';
import { MarkupScanner } from './xml-markup-scanner.ts';
import { xmlName } from './xml-scan.ts';

/** A reference to an entity in the default value of an attribute. */
interface DefaultReference {
  readonly name: string;
  readonly at: number;
  /** The entity was declared earlier, as required (XML 1.0, 4.1), or a declaration that is not read may declare it. */
  readonly isDeclared: boolean;
}

/** The declarations of a DOCTYPE. */
export interface Doctype {
  readonly entities: XmlEntities;
  readonly references: readonly DefaultReference[];
  /** The first mistake of the declarations; the rest was not read. */
  readonly mistake?: Mistake;
}

/** Returns the offset of the DOCTYPE of `text`; `undefined` if there is no DOCTYPE before its root element. */
export function doctypeStart(text: string): number | undefined {
  let at = 0;
  for (;;) {
    while (/[\s\ufeff]/.test(text[at] ?? '')) at += 1;
    if (text.startsWith('<!DOCTYPE', at)) return at;
    const closing = text.startsWith('<!--', at) ? '-->' : text.startsWith('<?', at) ? '?>' : undefined;
    if (closing === undefined) return undefined;
    const end = text.indexOf(closing, at + 2);
    if (end < 0) return undefined;
    at = end + closing.length;
  }
}

/**
 * Parses the DOCTYPE at `at` of `text` (XML 1.0, productions 28 to 83, with the names of Namespaces in XML 1.0) up to its first mistake.
 * External files and parameter entities are not followed. Never throws on input.
 */
export function readDoctype(text: string, at: number): Doctype {
  const reader = new DoctypeReader(text, at);
  let mistake: Mistake | undefined;
  try {
    reader.doctype();
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    mistake = error.mistake;
  }
  const { declared, references } = reader;
  const isWhole = reader.isWhole && mistake === undefined;
  return { entities: { declared, isWhole }, references, ...(mistake && { mistake }) };
}

const tokenPattern = new RegExp(`(?:${xmlName.slice(xmlName.indexOf(']') + 1, -1)})+`, 'uy');
const literalPattern = /"[^"]*"|'[^']*'/y;
const publicPattern = /"[ \r\n\w'()+,./:=?;!*#@$%-]*"|'[ \r\n\w()+,./:=?;!*#@$%-]*'/y;
const simpleType = /(?:CDATA|IDREFS|IDREF|ID|ENTITY|ENTITIES|NMTOKENS|NMTOKEN)(?![\w.-])/y;

/** Entities that need no declaration (XML 1.0, 4.6). */
const predefined = ['lt', 'gt', 'amp', 'apos', 'quot'];

class DoctypeReader extends MarkupScanner {
  readonly declared = new Map<string, XmlEntity>();
  readonly references: DefaultReference[] = [];
  /** No external subset or parameter entity can add declarations. */
  isWhole = true;

  doctype(): void {
    this.expect('<!DOCTYPE');
    this.space();
    this.name('The name of the root element', true);
    if (this.skipSpace() && this.#isExternal()) {
      this.isWhole = false;
      this.#externalId();
      this.skipSpace();
    }
    if (this.take('[')) {
      while (!this.take(']')) this.#declaration();
      this.skipSpace();
    }
    this.expect('>');
  }

  #declaration(): void {
    this.where = 'the DOCTYPE';
    if (this.skipSpace()) return;
    const at = this.at;
    if (this.take('%')) {
      this.name('The name of a parameter entity');
      this.expect(';');
      this.isWhole = false;
    } else if (this.take('<!--')) this.#comment(at);
    else if (this.take('<?')) this.#instruction(at);
    else if (this.#open('<!ENTITY')) this.#entity();
    else if (this.#open('<!ELEMENT')) this.#element();
    else if (this.#open('<!ATTLIST')) this.#attributes();
    else if (this.#open('<!NOTATION')) this.#notation();
    else this.miss('A declaration or `]`');
  }

  #open(keyword: string): boolean {
    if (!this.take(keyword)) return false;
    this.where = quoted(keyword);
    this.space();
    return true;
  }

  #close(): void {
    this.skipSpace();
    this.expect('>');
  }

  #comment(at: number): void {
    const end = this.text.indexOf('--', this.at);
    if (end < 0) this.refuse('A comment is never closed', at, 4);
    this.at = end + 2;
    if (!this.take('>')) this.refuse('A comment may not contain `--`', end, 2);
  }

  #instruction(at: number): void {
    const target = this.name('The target of a processing instruction', true);
    if (target.toLowerCase() === 'xml') this.refuse('`<?xml` is allowed only at the start of a document', at, 5);
    const end = this.text.indexOf('?>', this.at);
    if (end < 0) this.refuse('A processing instruction is never closed', at, 2);
    if (end > this.at) this.space();
    this.at = end + 2;
  }

  #entity(): void {
    const isParameter = this.take('%');
    if (isParameter) this.space();
    const name = this.name('The name of an entity');
    this.space();
    const entity = this.#definition(isParameter);
    this.#close();
    if (!isParameter && !this.declared.has(name)) this.declared.set(name, entity);
  }

  #definition(isParameter: boolean): XmlEntity {
    if (!this.#isExternal()) {
      const value = this.#value(/%/);
      return { kind: 'internal', replacement: resolveCharacters(value) };
    }
    this.#externalId();
    const hasSpace = this.skipSpace();
    if (isParameter || !this.take('NDATA')) return { kind: 'external' };
    if (!hasSpace) this.refuse('White space is expected before `NDATA`', this.at - 5, 5);
    this.space();
    this.name('The name of a notation');
    return { kind: 'unparsed' };
  }

  #notation(): void {
    this.name('The name of a notation');
    this.space();
    if (!this.#isExternal()) this.miss('`SYSTEM` or `PUBLIC`');
    this.#externalId(true);
    this.#close();
  }

  #isExternal(): boolean {
    return this.text.startsWith('SYSTEM', this.at) || this.text.startsWith('PUBLIC', this.at);
  }

  /** `isNotation`: a public identifier without a system identifier is allowed. */
  #externalId(isNotation = false): void {
    if (this.take('PUBLIC')) {
      this.space();
      this.match(publicPattern) ?? this.miss('A public identifier in quotes');
      const hasSpace = this.skipSpace();
      if (isNotation && this.text[this.at] === '>') return;
      if (!hasSpace) this.miss('White space');
    } else {
      this.expect('SYSTEM');
      this.space();
    }
    this.match(literalPattern) ?? this.miss('A system identifier in quotes');
  }

  #element(): void {
    this.name('The name of an element', true);
    this.space();
    if (!this.take('EMPTY') && !this.take('ANY')) this.#content();
    this.#close();
  }

  #content(): void {
    this.expect('(', '`EMPTY`, `ANY` or `(`');
    this.skipSpace();
    if (!this.take('#PCDATA')) {
      this.#particles(1);
      this.#takeCount();
      return;
    }
    let count = 0;
    for (this.skipSpace(); this.take('|'); this.skipSpace()) {
      this.skipSpace();
      this.name('The name of an element', true);
      count += 1;
    }
    this.expect(')', '`|` or `)`');
    if (count > 0) this.expect('*', '`*` after `#PCDATA` and names');
    else this.take('*');
  }

  /** Parses a choice or a sequence after its opening parenthesis. */
  #particles(depth: number): void {
    if (depth > maxDepth) this.refuse(`A content model is nested deeper than ${maxDepth} levels`);
    let separator = '';
    for (;;) {
      this.skipSpace();
      if (this.take('(')) this.#particles(depth + 1);
      else this.name('The name of an element or `(`', true);
      this.#takeCount();
      this.skipSpace();
      if (this.take(')')) return;
      const found = this.text[this.at] ?? '';
      if (separator === '' && (found === ',' || found === '|')) separator = found;
      this.expect(separator || ',', separator === '' ? '`,`, `|` or `)`' : `${quoted(separator)} or \`)\``);
    }
  }

  #takeCount(): void {
    if (!this.take('?') && !this.take('*')) this.take('+');
  }

  #attributes(): void {
    this.name('The name of an element', true);
    for (;;) {
      const hasSpace = this.skipSpace();
      if (this.take('>')) return;
      if (!hasSpace) this.miss('White space');
      this.name('The name of an attribute', true);
      this.space();
      this.#type();
      this.space();
      if (this.take('#REQUIRED') || this.take('#IMPLIED')) continue;
      if (this.take('#FIXED')) this.space();
      this.#default();
    }
  }

  #type(): void {
    if (this.match(simpleType)) return;
    const isNotation = this.take('NOTATION');
    if (isNotation) this.space();
    this.expect('(', 'The type of an attribute');
    do {
      this.skipSpace();
      if (isNotation) this.name('The name of a notation');
      else this.match(tokenPattern) ?? this.miss('A value');
      this.skipSpace();
    } while (this.take('|'));
    this.expect(')', '`|` or `)`');
  }

  #default(): void {
    const start = this.at + 1;
    const value = this.#value(/</);
    for (const { 1: name = '', index } of value.matchAll(/&([^#;][^;]*);/g)) {
      if (predefined.includes(name)) continue;
      this.references.push({ name, at: start + index, isDeclared: this.declared.has(name) || !this.isWhole });
    }
  }

  /** Parses a quoted value of an entity or an attribute, which must not contain a character that `forbidden` matches. */
  #value(forbidden: RegExp): string {
    const start = this.at + 1;
    const literal = this.match(literalPattern) ?? this.miss('A value in quotes');
    const value = literal.slice(1, -1);
    const [ampersand] = bareAmpersands(value, true);
    if (ampersand !== undefined) this.refuse('Unexpected `&`: `&` itself is written `&amp;`', start + ampersand);
    const stray = strayReference(value);
    if (stray >= 0) this.refuse('This character reference is not an XML character', start + stray);
    const wrong = value.search(forbidden);
    if (wrong >= 0) this.refuse(`A value may not contain ${quoted(value[wrong] ?? '')} here`, start + wrong);
    return value;
  }
}
