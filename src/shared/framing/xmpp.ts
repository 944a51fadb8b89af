import { toHex } from '../bytes/hex.ts';
import type { Boundaries } from '../message/boundaries.ts';
import { messageFlags } from '../message/flags.ts';
import { findOrEnd } from './find.ts';
import { type Ending, type Framer, unfinished } from './framer.ts';
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
} from './xml-bytes.ts';

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
 * Creates a framer for XMPP streams (RFC 6120, 4): a message is the start tag of the `stream` element, its end tag, or an element between
 * them, even if the start tag has not been seen. White space before a message is its head. XML that XMPP forbids (comments, DTDs,
 * processing instructions) and wrong markup are malformed up to the next `<`.
 */
export function createXmppFramer(): Framer {
  let mode: Mode = 'between';
  let head = 0;
  let depth = 0;
  /** Bytes of a word, or of the end of a section, that the bytes so far match; -1 if they do not. */
  let matched = 0;
  let isStream = false;
  let isEndTag = false;
  let selfClosing = false;
  let quoted = 0;
  let problem = '';

  function begin(): void {
    mode = 'between';
    head = 0;
    depth = 0;
    problem = '';
  }

  function lose(reason: string): void {
    mode = 'lost';
    problem = reason;
  }

  function restart(boundaries: Boundaries, at: number, reason: string): void {
    boundaries.pushMalformed(at, head, 0, reason);
    begin();
    mode = 'markup';
  }

  function takeBetween(byte: number, end: number, boundaries: Boundaries): void {
    if (byte === lessThan) {
      mode = 'markup';
    } else if (!isSpace(byte)) {
      lose(`the byte ${toHex(Uint8Array.of(byte))} is outside a stanza`);
    } else if (mode === 'between') {
      head += 1;
      if (head < maxHead) return;
      head = 0;
      boundaries.push(end, 0, 0, messageFlags.filler);
    }
  }

  /** Processes the first byte after `<`. */
  function takeMarkup(byte: number): void {
    matched = 0;
    isEndTag = byte === slash;
    if (isEndTag || startsName(byte)) {
      mode = 'name';
      isStream = false;
      selfClosing = false;
      if (!isEndTag) takeName(byte);
    } else if (byte === question && depth === 0) {
      mode = 'declaration';
    } else if (byte === bang && depth > 0) {
      mode = 'bang';
    } else {
      lose(`the byte ${toHex(Uint8Array.of(byte))} is invalid after “<”`);
    }
  }

  /** Processes a byte of a tag name, of which only the part after the colon matters. */
  function takeName(byte: number): void {
    if (byte === colon) matched = 0;
    else matched = matched >= 0 && byte === streamName[matched] ? matched + 1 : -1;
  }

  function endsName(byte: number): boolean {
    return isSpace(byte) || byte === slash || byte === greaterThan || byte === lessThan;
  }

  function takeTag(byte: number, at: number, boundaries: Boundaries): void {
    if (byte === greaterThan) {
      endTag(boundaries, at + 1);
    } else if (byte === lessThan) {
      restart(boundaries, at, 'unexpected “<” in a tag');
    } else if (byte === quote || byte === apostrophe) {
      quoted = byte;
      mode = 'value';
    } else {
      selfClosing = byte === slash;
    }
  }

  function endTag(boundaries: Boundaries, end: number): void {
    if (isEndTag && depth === 0 && !isStream) {
      boundaries.pushMalformed(end, head, 0, 'an end tag is outside a stanza');
      begin();
      return;
    }
    const opens = !isEndTag && !selfClosing;
    const isAlone = depth === 0 && isStream;
    if (isEndTag && depth > 0) depth -= 1;
    else if (opens && !isAlone) depth += 1;
    mode = 'text';
    if (depth > 0) return;
    boundaries.push(end, head, 0, 0);
    begin();
  }

  /** Skips to a `>` after `needed` times `mark`. */
  function takeSection(byte: number, mark: number, needed: number, next: Mode): void {
    if (byte === mark) matched = Math.min(matched + 1, needed);
    else if (byte === greaterThan && matched === needed) mode = next;
    else matched = 0;
  }

  function takeBang(byte: number): void {
    if (byte !== cdataWord[matched]) {
      lose(`the byte ${toHex(Uint8Array.of(byte))} is invalid after “<!”`);
      return;
    }
    matched += 1;
    if (matched < cdataWord.length) return;
    matched = 0;
    mode = 'cdata';
  }

  function takeByte(byte: number, at: number, boundaries: Boundaries): void {
    switch (mode) {
      case 'markup':
        takeMarkup(byte);
        break;
      case 'name':
        if (endsName(byte)) {
          isStream = matched === streamName.length;
          mode = 'tag';
          takeTag(byte, at, boundaries);
        } else {
          takeName(byte);
        }
        break;
      case 'tag':
        takeTag(byte, at, boundaries);
        break;
      case 'value':
        if (byte === quoted) mode = 'tag';
        else if (byte === lessThan) restart(boundaries, at, 'unexpected “<” in an attribute value');
        selfClosing = false;
        break;
      case 'declaration':
        takeSection(byte, question, 1, 'prolog');
        break;
      case 'bang':
        takeBang(byte);
        break;
      case 'cdata':
        takeSection(byte, closeBracket, 2, 'text');
        break;
      default:
        takeBetween(byte, at + 1, boundaries);
    }
  }

  function push(chunk: Uint8Array, boundaries: Boundaries): void {
    let at = 0;
    while (at < chunk.length) {
      if (mode === 'text' || mode === 'lost') {
        at = findOrEnd(chunk, lessThan, at);
        if (at === chunk.length) return;
        if (mode === 'text') mode = 'markup';
        else restart(boundaries, at, problem);
      } else {
        takeByte(chunk[at] as number, at, boundaries);
      }
      at += 1;
    }
  }

  function end(): Ending {
    const was = { mode, head, problem };
    begin();
    if (was.mode === 'between') return { head: 0, tail: 0, flags: messageFlags.filler };
    return unfinished(was.head, was.problem, was.head);
  }

  return {
    push,
    end,
    get pendingHead() {
      return head;
    },
  };
}
