import { Malformed, quoted } from './problem.ts';
import { xmlName } from './xml-scan.ts';

const namePattern = new RegExp(xmlName, 'uy');
const spacePattern = /[ \t\r\n]+/y;

/** Parses markup from a place of a text on. Each method throws `Malformed` if the expected markup is missing. */
export class MarkupScanner {
  protected readonly text: string;
  protected at: number;
  /** The name of the markup, for the end of “… is expected in”. */
  protected where = 'the DOCTYPE';

  constructor(text: string, at: number) {
    this.text = text;
    this.at = at;
  }

  /** `mayHavePrefix`: the name of an element or attribute; others contain no colon (Namespaces in XML 1.0, 7). */
  protected name(what: string, mayHavePrefix = false): string {
    const at = this.at;
    const name = this.match(namePattern) ?? this.miss(what);
    if (!mayHavePrefix && name.includes(':')) this.refuse(`${what} may not contain \`:\``, at, name.length);
    if (/^:|:$|:.*:/.test(name))
      this.refuse('A name has one `:` at most, between a prefix and a name', at, name.length);
    return name;
  }

  protected space(): void {
    if (!this.skipSpace()) this.miss('White space');
  }

  protected skipSpace(): boolean {
    return this.match(spacePattern) !== undefined;
  }

  protected match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }

  protected take(word: string): boolean {
    if (!this.text.startsWith(word, this.at)) return false;
    this.at += word.length;
    return true;
  }

  protected expect(word: string, what = quoted(word)): void {
    if (!this.take(word)) this.miss(what);
  }

  protected miss(what: string): never {
    this.refuse(`${what} is expected in ${this.where}`);
  }

  protected refuse(message: string, at = this.at, length = 1): never {
    throw new Malformed({ at: Math.min(at, this.text.length), length, severity: 'error', message });
  }
}
