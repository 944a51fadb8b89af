import { toHex } from '../../bytes/hex.ts';
import type { Boundaries } from '../../message/boundaries.ts';
import { messageFlags } from '../../message/flags.ts';
import { type Ending, type Framer, fillerEnding, findOrEnd, unfinished } from '../framer.ts';
import { type Framing, plain } from '../framing.ts';
import {
  apostrophe,
  bang,
  closeBracket,
  greaterThan,
  isSpace,
  lessThan,
  question,
  quote,
  slash,
  startsName,
} from '../xml-markup.ts';

const colon = 0x3a;
const maxHead = 255;
const bytesOf = (word: string) => Array.from(word, (char) => char.charCodeAt(0));
const streamName = bytesOf('stream');
const cdataWord = bytesOf('[CDATA[');

type Mode =
  | 'between'
  | 'prolog'
  | 'text'
  | 'markup'
  | 'name'
  | 'tag'
  | 'value'
  | 'declaration'
  | 'bang'
  | 'cdata'
  | 'lost';

/**
 * A framer for XMPP streams (RFC 6120, 4): a message is the start tag of the `stream` element, its end tag, or an element between
 * them, even if the start tag has not been seen. White space before a message is its head. XML that XMPP forbids (comments, DTDs,
 * processing instructions) and wrong markup are malformed up to the next `<`.
 */
class XmppFramer implements Framer {
  #mode: Mode = 'between';
  #head = 0;
  #depth = 0;
  /** Bytes of a word, or of the end of a section, that the bytes so far match; -1 if they do not. */
  #matched = 0;
  #isStream = false;
  #isEndTag = false;
  #selfClosing = false;
  #quoted = 0;
  #problem = '';

  push(chunk: Uint8Array, boundaries: Boundaries): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#mode === 'text' || this.#mode === 'lost') {
        at = findOrEnd(chunk, lessThan, at);
        if (at === chunk.length) return;
        if (this.#mode === 'text') this.#mode = 'markup';
        else this.#restart(boundaries, at, this.#problem);
      } else {
        this.#takeByte(chunk[at] as number, at, boundaries);
      }
      at += 1;
    }
  }

  end(): Ending {
    const was = { mode: this.#mode, head: this.#head, problem: this.#problem };
    this.#begin();
    if (was.mode === 'between') return fillerEnding;
    return unfinished(was.head, was.problem, was.head);
  }

  get pendingHead(): number {
    return this.#head;
  }

  #begin(): void {
    this.#mode = 'between';
    this.#head = 0;
    this.#depth = 0;
    this.#problem = '';
  }

  #lose(reason: string): void {
    this.#mode = 'lost';
    this.#problem = reason;
  }

  #restart(boundaries: Boundaries, at: number, reason: string): void {
    boundaries.pushMalformed(at, this.#head, 0, reason);
    this.#begin();
    this.#mode = 'markup';
  }

  #takeBetween(byte: number, end: number, boundaries: Boundaries): void {
    if (byte === lessThan) {
      this.#mode = 'markup';
    } else if (!isSpace(byte)) {
      this.#lose(`the byte ${toHex(Uint8Array.of(byte))} is outside a stanza`);
    } else if (this.#mode === 'between') {
      this.#head += 1;
      if (this.#head < maxHead) return;
      this.#head = 0;
      boundaries.push(end, 0, 0, messageFlags.filler);
    }
  }

  /** Processes the first byte after `<`. */
  #takeMarkup(byte: number): void {
    this.#matched = 0;
    this.#isEndTag = byte === slash;
    if (this.#isEndTag || startsName(byte)) {
      this.#mode = 'name';
      this.#isStream = false;
      this.#selfClosing = false;
      if (!this.#isEndTag) this.#takeName(byte);
    } else if (byte === question && this.#depth === 0) {
      this.#mode = 'declaration';
    } else if (byte === bang && this.#depth > 0) {
      this.#mode = 'bang';
    } else {
      this.#lose(`the byte ${toHex(Uint8Array.of(byte))} is invalid after “<”`);
    }
  }

  /** Processes a byte of a tag name, of which only the part after the colon matters. */
  #takeName(byte: number): void {
    if (byte === colon) this.#matched = 0;
    else this.#matched = this.#matched >= 0 && byte === streamName[this.#matched] ? this.#matched + 1 : -1;
  }

  #endsName(byte: number): boolean {
    return isSpace(byte) || byte === slash || byte === greaterThan || byte === lessThan;
  }

  #takeTag(byte: number, at: number, boundaries: Boundaries): void {
    if (byte === greaterThan) {
      this.#endTag(boundaries, at + 1);
    } else if (byte === lessThan) {
      this.#restart(boundaries, at, 'unexpected “<” in a tag');
    } else if (byte === quote || byte === apostrophe) {
      this.#quoted = byte;
      this.#mode = 'value';
    } else {
      this.#selfClosing = byte === slash;
    }
  }

  #endTag(boundaries: Boundaries, end: number): void {
    if (this.#isEndTag && this.#depth === 0 && !this.#isStream) {
      boundaries.pushMalformed(end, this.#head, 0, 'an end tag is outside a stanza');
      this.#begin();
      return;
    }
    const opens = !this.#isEndTag && !this.#selfClosing;
    const isAlone = this.#depth === 0 && this.#isStream;
    if (this.#isEndTag && this.#depth > 0) this.#depth -= 1;
    else if (opens && !isAlone) this.#depth += 1;
    this.#mode = 'text';
    if (this.#depth > 0) return;
    boundaries.push(end, this.#head, 0, 0);
    this.#begin();
  }

  /** Skips to a `>` after `needed` times `mark`. */
  #takeSection(byte: number, mark: number, needed: number, next: Mode): void {
    if (byte === mark) this.#matched = Math.min(this.#matched + 1, needed);
    else if (byte === greaterThan && this.#matched === needed) this.#mode = next;
    else this.#matched = 0;
  }

  #takeBang(byte: number): void {
    if (byte !== cdataWord[this.#matched]) {
      this.#lose(`the byte ${toHex(Uint8Array.of(byte))} is invalid after “<!”`);
      return;
    }
    this.#matched += 1;
    if (this.#matched < cdataWord.length) return;
    this.#matched = 0;
    this.#mode = 'cdata';
  }

  #takeByte(byte: number, at: number, boundaries: Boundaries): void {
    switch (this.#mode) {
      case 'markup':
        this.#takeMarkup(byte);
        break;
      case 'name':
        if (this.#endsName(byte)) {
          this.#isStream = this.#matched === streamName.length;
          this.#mode = 'tag';
          this.#takeTag(byte, at, boundaries);
        } else {
          this.#takeName(byte);
        }
        break;
      case 'tag':
        this.#takeTag(byte, at, boundaries);
        break;
      case 'value':
        if (byte === this.#quoted) this.#mode = 'tag';
        else if (byte === lessThan) this.#restart(boundaries, at, 'unexpected “<” in an attribute value');
        this.#selfClosing = false;
        break;
      case 'declaration':
        this.#takeSection(byte, question, 1, 'prolog');
        break;
      case 'bang':
        this.#takeBang(byte);
        break;
      case 'cdata':
        this.#takeSection(byte, closeBracket, 2, 'text');
        break;
      default:
        this.#takeBetween(byte, at + 1, boundaries);
    }
  }
}

/** XMPP: stanzas in an open stream element. */
export const xmpp: Framing<{ readonly kind: 'xmpp' }> = {
  ...plain('xmpp', {
    text: 'xmpp',
    message: 'one stanza of XMPP, RFC 6120; also the start tag and the end tag of the stream',
    sending: 'nothing',
  }),
  words: {
    short: 'XMPP stanzas',
    label: 'XMPP stanzas',
    help: 'Each stanza inside the open stream element is a message.',
  },
  wrong: {
    what: 'text between stanzas; comments, DTDs, processing instructions; an end tag without a start tag; `<` in a tag',
    resume: 'at the next `<`',
  },
  createFramer: () => new XmppFramer(),
  guesses: ['xmpp'],
  evidence: () => 24,
};
