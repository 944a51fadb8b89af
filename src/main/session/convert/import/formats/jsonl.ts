import { isUtf8 } from 'node:buffer';
import { decodeUtf8Lossy } from '#shared/bytes/text.ts';
import { type JsonlRecord, looksLikeRecord, parseJsonl } from '#shared/export/jsonl-record.ts';
import { Boundaries } from '#shared/message/boundaries.ts';
import type { ByteReader } from '#shared/pcap/reading/capture-file.ts';
import type { SocketInfo } from '#shared/record/record.ts';
import { eventKindOf } from '#shared/socket/event.ts';
import type { Importing, ImportReader, ImportSource, SessionTarget } from '../importing.ts';

export const jsonl: ImportReader = {
  kind: 'jsonl',
  detects: (start) => looksLikeRecord(decodeUtf8Lossy(start)),
  read: importJsonl,
};

/** Holds a message of 64 MiB in base64. */
const maxLineBytes = 96 * 1_048_576;
/** Lines and bytes between two looks at the clock. */
const stepLines = 128;
const stepBytes = 262_144;
const maxNamed = 5;
const noBytes = new Uint8Array(0);

/** Records the contents of exported JSON lines; at its end, it records which lines are invalid. */
function* importJsonl({ reader, size: total, notice: known }: ImportSource, target: SessionTarget): Importing {
  const { recorder } = target;
  const sockets = new Sockets(target);
  const boundaries = new Boundaries(1);
  const invalid = new InvalidLines();
  let number = 0;
  let lastAt = 0;
  let steppedAt = 0;
  for (const line of readLines(reader, maxLineBytes)) {
    number += 1;
    const record = recordOf(line);
    if (record) {
      lastAt = record.at;
      const seq = recorder.next;
      const socket = sockets.of(record);
      if (record.kind === 'event') {
        recorder.event(socket, record.at, record.event);
        if (record.event.kind === 'closed') sockets.closed(record.socket);
      } else {
        boundaries.clear();
        boundaries.push(record.bytes.length, record.head, record.tail, record.flags);
        recorder.messages(socket, record.direction, record.at, noBytes, record.bytes, boundaries);
      }
      const { bookmarked, note } = record;
      if (bookmarked || note !== '') target.mark({ seq, bookmarked, note });
    } else if (!isBlank(line)) {
      invalid.add(number);
    }
    if (number % stepLines !== 0 && reader.position - steppedAt < stepBytes) continue;
    steppedAt = reader.position;
    yield { done: steppedAt, total };
  }
  const notice = [known, invalid.notice].filter(Boolean).join(' ');
  // Of no socket: it is about the file.
  if (notice !== '') recorder.event(0, lastAt, { kind: 'problem', text: notice });
  return { sockets: sockets.count, notice };
}

function recordOf(line: Line): JsonlRecord | undefined {
  return line && isUtf8(line) ? parseJsonl(line.toString()) : undefined;
}

function isBlank(line: Line): boolean {
  return line?.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d) ?? false;
}

/** Counts the lines that hold no record, and keeps the numbers of the first ones. */
class InvalidLines {
  readonly #first: number[] = [];
  #count = 0;

  add(number: number): void {
    this.#count += 1;
    if (this.#first.length < maxNamed) this.#first.push(number);
  }

  get notice(): string {
    if (this.#count === 0) return '';
    const which = this.#first.join(', ') + (this.#first.length < this.#count ? ' …' : '');
    return `${this.#count} lines hold no whole record and were passed over: ${which}.`;
  }
}

interface Known {
  readonly id: number;
  readonly role: SocketInfo['role'];
  local: string;
  peer: string;
}

/** The sockets that lines name. A number that comes again after its socket was closed is another socket. */
class Sockets {
  readonly #target: SessionTarget;
  readonly #open = new Map<number, Known>();
  readonly #taken = new Set<number>();
  #highest = 0;

  constructor(target: SessionTarget) {
    this.#target = target;
  }

  get count(): number {
    return this.#taken.size;
  }

  /** The number that the socket of `record` has in the session; describes it where there is news of it. */
  of(record: JsonlRecord): number {
    // Of no socket.
    if (record.socket === 0) return 0;
    const { local, peer, transport } = record;
    const known = this.#open.get(record.socket) ?? this.#begin(record);
    if (known.local !== local || known.peer !== peer) {
      known.local = local;
      known.peer = peer;
      const { id, role } = known;
      this.#target.recorder.describe({ id, role, transport, endpoint: '', name: '', local, peer, framing: 'raw' });
    }
    return known.id;
  }

  closed(socket: number): void {
    this.#open.delete(socket);
  }

  #begin(record: JsonlRecord): Known {
    this.#highest = Math.max(this.#highest, record.socket);
    if (this.#taken.has(record.socket)) this.#highest += 1;
    const id = this.#taken.has(record.socket) ? this.#highest : record.socket;
    this.#taken.add(id);
    // Its addresses differ from any real ones, so that it is described with the first record.
    const begun = { id, role: roleOf(record), local: '\0', peer: '' };
    this.#open.set(record.socket, begun);
    return begun;
  }
}

/** Lines do not say what kind of socket theirs is; its first event does. */
function roleOf(record: JsonlRecord): SocketInfo['role'] {
  const first = record.kind === 'message' ? undefined : eventKindOf(record.event.kind).firstOf;
  return first ?? 'outgoing';
}

const chunkBytes = 262_144;
const lineFeed = 10;

/** One line without its end; `undefined` where it is too long to be taken. Good until the next one. */
export type Line = Buffer | undefined;

/**
 * The lines of `reader` one after another, also the last one where no line feed ends it. A line of more than `maxBytes`
 * is passed over and given as `undefined`: the memory holds no more than that.
 */
function* readLines(reader: ByteReader, maxBytes: number): Generator<Line> {
  let carryOver: Buffer[] = [];
  let carryOverBytes = 0;
  for (;;) {
    const taken = reader.take(chunkBytes);
    if (taken.length === 0) break;
    const chunk = Buffer.from(taken.buffer, taken.byteOffset, taken.length);
    let from = 0;
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, from)) {
      const rest = chunk.subarray(from, end);
      if (carryOverBytes + rest.length > maxBytes) yield undefined;
      else yield carryOverBytes === 0 ? rest : Buffer.concat([...carryOver, rest]);
      carryOver = [];
      carryOverBytes = 0;
      from = end + 1;
    }
    if (from < chunk.length) {
      // Of a line that is too long only its length is kept.
      carryOverBytes += chunk.length - from;
      if (carryOverBytes <= maxBytes) carryOver.push(Buffer.from(chunk.subarray(from)));
      else carryOver = [];
    }
  }
  if (carryOverBytes > maxBytes) yield undefined;
  else if (carryOverBytes > 0) yield Buffer.concat(carryOver);
}
