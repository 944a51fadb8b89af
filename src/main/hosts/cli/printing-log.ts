import { isUtf8 } from 'node:buffer';
import { formatRecord } from '#shared/export/formats/jsonl.ts';
import { bodyRange, frameOf, type RecordFormat, StreamTexts, withSplit } from '#shared/export/record-format.ts';
import type { Boundaries } from '#shared/message/boundaries.ts';
import { messageFlags } from '#shared/message/flags.ts';
import { verdictOf } from '#shared/record/received-checksum.ts';
import type { LogSink, Row, SocketInfo } from '#shared/record/record.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import type { Output } from './output.ts';

/** Writes one record, or nothing if the command does not print it. `bytes`: all bytes of the record, including framing. */
export type RecordPrinter = (row: Row, bytes: Uint8Array, socket: SocketInfo | undefined, write: WritePiece) => void;

/** Is called after each record is printed. */
export interface Observer {
  event?(socket: number, event: SocketEvent): void;
  /** `count` messages were received. Bytes between messages and the pieces of a message that is too long do not count. */
  received?(socket: number, count: number): void;
}

interface PrintingLogOptions {
  readonly output: Output;
  readonly print: RecordPrinter;
  /** Records and numbers the records too. */
  readonly session?: LogSink | undefined;
  readonly observer: Observer;
}

/** Text is collected up to this many UTF-16 units before it is written. */
const gatherUnits = 65_536;
const notMessages = messageFlags.filler | messageFlags.truncated | messageFlags.part;

/**
 * A log that prints each record and passes it to the session, if there is one. It is congested when the output or the
 * session is, so that a slow reader of the output makes the engine pause reading and memory stays limited.
 */
export class PrintingLog implements LogSink {
  readonly #options: PrintingLogOptions;
  readonly #sockets = new Map<number, SocketInfo>();
  #next = 0;
  #gathered = '';

  constructor(options: PrintingLogOptions) {
    this.#options = options;
  }

  describe(info: SocketInfo): void {
    this.#sockets.set(info.id, info);
    this.#options.session?.describe(info);
  }

  read(socket: number, at: number, length: number): void {
    this.#options.session?.read(socket, at, length);
  }

  event(socket: number, at: number, event: SocketEvent): number {
    const seq = this.#options.session?.event(socket, at, event) ?? this.#next;
    this.#next = seq + 1;
    this.#print({ seq, at, kind: event.kind, socket, ...noBytes, flags: 0, event }, empty);
    this.#write();
    if (event.kind === 'closed') this.#sockets.delete(socket);
    this.#options.observer.event?.(socket, event);
    return seq;
  }

  messages(
    socket: number,
    direction: 'in' | 'out',
    at: number,
    carryOver: Uint8Array,
    bytes: Uint8Array,
    boundaries: Boundaries,
  ): number {
    const first = this.#options.session?.messages(socket, direction, at, carryOver, bytes, boundaries) ?? this.#next;
    this.#next = first + boundaries.count;
    let messages = 0;
    let from = 0;
    for (let index = 0; index < boundaries.count; index += 1) {
      const end = boundaries.ends[index] as number;
      const whole =
        index === 0 && carryOver.length > 0
          ? Buffer.concat([carryOver, bytes.subarray(0, end)])
          : bytes.subarray(from, end);
      from = end;
      const flags = boundaries.flags[index] as number;
      if ((flags & notMessages) === 0) messages += 1;
      const row: Row = {
        seq: first + index,
        at,
        kind: direction,
        socket,
        ...noBytes,
        length: whole.length,
        head: boundaries.heads[index] as number,
        tail: boundaries.tails[index] as number,
        flags,
      };
      this.#print(row, whole);
    }
    this.#write();
    if (direction === 'in') this.#options.observer.received?.(socket, messages);
    return first;
  }

  get congested(): boolean {
    return this.#options.output.congested || (this.#options.session?.congested ?? false);
  }

  get stalled(): boolean {
    return this.#options.session?.stalled ?? false;
  }

  onDrain(listener: () => void): () => void {
    const onDrain = () => {
      if (!this.congested) listener();
    };
    const stops = [this.#options.output.onDrain(onDrain), this.#options.session?.onDrain(onDrain)];
    return () => {
      for (const stop of stops) stop?.();
    };
  }

  #print(row: Row, bytes: Uint8Array): void {
    const socket = this.#sockets.get(row.socket);
    const checksum = verdictOf(row, socket, () => bytes);
    this.#options.print(checksum ? { ...row, checksum } : row, bytes, socket, this.#gather);
  }

  readonly #gather = (piece: string | Uint8Array): void => {
    if (typeof piece === 'string') {
      this.#gathered += piece;
      if (this.#gathered.length >= gatherUnits) this.#write();
    } else {
      this.#write();
      this.#options.output.write(piece.slice());
    }
  };

  #write(): void {
    this.#options.output.write(this.#gathered);
    this.#gathered = '';
  }
}

const empty = new Uint8Array(0);
/** The fields of a row that printers do not use, or an event does not have. */
const noBytes = { offset: 0, length: 0, head: 0, tail: 0, preview: '' };

/** Takes a piece of output. Bytes are valid only during the call: copy them to keep them. */
type WritePiece = (piece: string | Uint8Array) => void;

/** Longer messages are written in pieces of this size, to limit the length of strings. A multiple of 3, for base64. */
const pieceBytes = 3 * 262_144;

/** Returns a function that writes records in one format. `bytes`: all bytes of the record, including framing. */
export function createRecordWriter(format: RecordFormat) {
  const texts = new StreamTexts(isUtf8, { seesAll: true });
  return (row: Row, bytes: Uint8Array, socket: SocketInfo | undefined, write: WritePiece): void => {
    if (row.event) {
      if (row.event.kind === 'closed') texts.forget(row.socket);
      write(formatRecord(format, row, bytes, socket));
      return;
    }
    const { from, to } = bodyRange(row);
    const body = bytes.subarray(from, to);
    const found = texts.take(row, body, socket);
    if (bytes.length <= pieceBytes) {
      write(formatRecord(format, row, bytes, socket, found));
      return;
    }
    const framing = frameOf(row, (begin, end) => bytes.subarray(begin, end));
    const frame = found ? withSplit(framing, found, body.length) : framing;
    write(format.begin(row, body.length, found !== undefined, socket, frame));
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    if (found && found.first.length > 0) write(format.text(decoder.decode(found.first, { stream: true })));
    const end = found?.to ?? body.length;
    for (let at = found?.from ?? 0; at < end; at += pieceBytes) {
      const piece = body.subarray(at, Math.min(end, at + pieceBytes));
      write(found ? format.text(decoder.decode(piece, { stream: true })) : format.bytes(piece));
    }
    write(format.end(found !== undefined));
  };
}
