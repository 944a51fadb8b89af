import { encodeUtf8 } from '../bytes/text.ts';
import { limits, Refused } from './limits.ts';
import type { Place } from './places.ts';
import type { Run } from './scope.ts';
import { isNumeric, plain, Rendered, toBytes, toJson, toText } from './values.ts';

/** Collects what a template writes: text, and bytes between it. */
export class Sink {
  #text = '';
  #chunks: Uint8Array[] | undefined;
  #length = 0;

  /** Adds text; throws `Refused` if the message becomes too long. */
  write(text: string): void {
    this.#count(text.length);
    this.#text += text;
  }

  /** Adds bytes; throws `Refused` if the message becomes too long. */
  writeBytes(bytes: Uint8Array): void {
    this.#count(bytes.length);
    this.#chunks ??= [];
    if (this.#text !== '') this.#chunks.push(encodeUtf8(this.#text));
    this.#text = '';
    this.#chunks.push(bytes);
  }

  #count(length: number): void {
    this.#length += length;
    if (this.#length > limits.output) throw new Refused(`The message is longer than ${limits.output / 1_048_576} MiB`);
  }

  /** Returns all bytes. */
  bytes(): Uint8Array<ArrayBuffer> {
    const last = encodeUtf8(this.#text);
    if (!this.#chunks) return last;
    const chunks = [...this.#chunks, last];
    const result = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
    let at = 0;
    for (const chunk of chunks) {
      result.set(chunk, at);
      at += chunk.length;
    }
    return result;
  }

  /** Returns what was written: a text, or bytes if there are bytes in it. */
  content(): string | Uint8Array {
    return this.#chunks ? this.bytes() : this.#text;
  }
}

/** Writes a value with the escapes of its place; throws `Refused` if the value cannot be written there. */
export function writeValue(value: unknown, place: Place, run: Run, sink: Sink): void {
  if (place === 'json-string') sink.write(jsonContent(value, run));
  else if (place === 'text') writeRaw(value, run, sink);
  else if (place === 'json-value') sink.write(jsonValue(value, run));
  else if (place === 'bytes') sink.writeBytes(hexValue(value, run));
  else sink.write(xmlValue(value, place, run));
}

/** Writes a value without escapes: bytes as they are, everything else as text. */
export function writeRaw(value: unknown, run: Run, sink: Sink): void {
  if (typeof value === 'string') {
    sink.write(value);
    return;
  }
  const it = plain(value);
  if (it instanceof Uint8Array) sink.writeBytes(it);
  else sink.write(toText(it, run.budget));
}

const needsEscape = /["\\\u0000-\u001f\ud800-\udfff]/;

function jsonContent(value: unknown, run: Run): string {
  if (typeof value === 'number') return String(value);
  const text = toText(value, run.budget);
  run.budget.charge(text.length);
  if (!needsEscape.test(text)) return text;
  return JSON.stringify(text).slice(1, -1);
}

const jsonScalar = /^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)$/;

/** Text that is a JSON number, `true`, `false` or `null` is written unchanged: rows of a CSV file have only text. */
function jsonValue(value: unknown, run: Run): string {
  return typeof value === 'string' && jsonScalar.test(value) ? value : toJson(value, run.budget);
}

function hexValue(value: unknown, run: Run): Uint8Array {
  const it = plain(value);
  if (typeof it === 'string' || it instanceof Uint8Array) return toBytes(it, run.budget);
  if (isNumeric(it)) throw new Refused('A number in a hex payload needs a width: add a filter such as `u16be`');
  if (it === null || it === undefined) return new Uint8Array();
  throw new Refused('Only text, bytes and numbers with a width can be written in a hex payload');
}

const xmlSpecial = /[&<>"'\t\n\r]/g;
const xmlSpecialInText = /[&<>\r]/g;
/** What XML 1.0 cannot represent, even as a reference (section 2.2). */
const notXml = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u;

const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

function xmlValue(value: unknown, place: 'xml-text' | 'xml-markup' | 'xml-cdata', run: Run): string {
  const text = toText(value, run.budget);
  if (value instanceof Rendered && place === 'xml-text') return text;
  run.budget.charge(text.length);
  const wrong = notXml.exec(text)?.[0].codePointAt(0);
  if (wrong !== undefined) {
    throw new Refused(`XML cannot contain U+${wrong.toString(16).toUpperCase().padStart(4, '0')}`);
  }
  if (place === 'xml-cdata') return text.replaceAll(']]>', ']]]]><![CDATA[>');
  return text.replace(place === 'xml-text' ? xmlSpecialInText : xmlSpecial, (char) => references[char] as string);
}
