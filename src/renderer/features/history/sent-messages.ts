import { utf8Length } from '#shared/bytes/text.ts';
import { quoteFilterString } from '#shared/filter/literals.ts';
import { isContinued } from '#shared/message/flags.ts';
import type { Row, SocketInfo } from '#shared/record/record.ts';

/** Maximum length of a search, in UTF-16 units: the filter made from it is within the limit of the filter language. */
export const maxSearch = 256;

const hexBytes = /^[\da-f]{2}(?:[ :-][\da-f]{2})+$/i;

/** Returns the filter that matches the sent messages with `search` in them: a text, or bytes in hex (`0d 0a`). */
export function sentFilter(search: string): string {
  if (search === '') return 'out';
  const text = `text contains ${quoteFilterString(search)}`;
  return hexBytes.test(search) ? `out && (${text} || bytes contains "${search}")` : `out && ${text}`;
}

/** One row of the list: a message, or several equal ones in succession. */
export interface SentMessage {
  /** The last one. */
  readonly row: Row;
  readonly info: SocketInfo | undefined;
  /** The record number of the first one. */
  readonly first: number;
  readonly count: number;
  /** The sockets that they were sent on. */
  readonly sockets: readonly number[];
  /** A part of a message that was sent from a file. */
  readonly isPart: boolean;
}

/**
 * Returns the text of a message that its preview shows completely; `undefined` if the preview is shortened or does not determine
 * the bytes.
 */
function wholeText({ preview, length, head, tail }: Row): string | undefined {
  if (preview.includes('\ufffd')) return undefined;
  const text = preview
    .replaceAll(/[\u2400-\u2421]/g, (symbol) =>
      String.fromCharCode(symbol === '\u2421' ? 0x7f : symbol.charCodeAt(0) - 0x2400),
    )
    .replaceAll(/⟨U\+([\dA-F]{4,5}|10[\dA-F]{4})⟩/g, (_, code: string) =>
      String.fromCodePoint(Number.parseInt(code, 16)),
    );
  // A symbol that was in the message itself takes more bytes than the character it stands for: then the lengths differ.
  return utf8Length(text) === length - head - tail ? text : undefined;
}

/** Returns true if two messages have the same bytes and framing, as far as their rows prove it. */
function isSame(one: SentMessage, row: Row, info: SocketInfo | undefined): boolean {
  const { length, head, tail, flags, preview } = one.row;
  const isAlike = row.length === length && row.head === head && row.tail === tail && row.flags === flags;
  return isAlike && row.preview === preview && info?.framing === one.info?.framing && wholeText(row) !== undefined;
}

/** Returns the list for `rows`, the records of sent messages in order: the last message first, equal neighbours as one row. */
export function listSent(rows: readonly Row[], sockets: readonly SocketInfo[]): SentMessage[] {
  const infos = new Map(sockets.map((info) => [info.id, info]));
  /** The last message of each socket so far. */
  const before = new Map<number, Row>();
  const list: SentMessage[] = [];
  for (const row of rows) {
    const info = infos.get(row.socket);
    const previous = before.get(row.socket);
    const continues =
      previous !== undefined && isContinued(previous.flags) && previous.offset + previous.length === row.offset;
    const isPart = continues || isContinued(row.flags);
    before.set(row.socket, row);
    const last = list.at(-1);
    if (last && !isPart && !last.isPart && isSame(last, row, info)) {
      const known = last.sockets.includes(row.socket) ? last.sockets : [...last.sockets, row.socket];
      list[list.length - 1] = { ...last, row, info, count: last.count + 1, sockets: known };
    } else list.push({ row, info, first: row.seq, count: 1, sockets: [row.socket], isPart });
  }
  return list.reverse();
}

/** Returns the index in `list` of the row that record `seq` is in; −1 without one. */
export function indexOfRecord(list: readonly SentMessage[], seq: number): number {
  return list.findIndex(({ row, first }) => first <= seq && seq <= row.seq);
}
