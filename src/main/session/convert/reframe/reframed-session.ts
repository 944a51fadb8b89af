import { randomUUID } from 'node:crypto';
import { decodeUtf8Lossy } from '#shared/bytes/text.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { formatFraming } from '#shared/framing/spec.ts';
import { blockTypes } from '#shared/record/block.ts';
import type { Mark } from '#shared/record/record.ts';
import { kindCodes } from '#shared/record/record.ts';
import { parseSocketEvent, type SessionHeader, sessionFormat, sessionVersion } from '#shared/record/session-json.ts';
import { eventKinds } from '#shared/socket/event.ts';
import type { BlockIndex } from '../../format/block-index.ts';
import { BlockSource } from '../../format/block-source.ts';
import type { DecodedBlock } from '../../format/decoded-block.ts';
import { isMessage } from '../../format/decoded-block.ts';
import { ReadsWalk } from '../../query/reads.ts';
import type { Progress } from '../../threads.ts';
import { SessionWriter } from '../export/session-writer.ts';
import type { TargetFile } from '../export/target-file.ts';
import { maxOrdered } from './ordered-session.ts';
import type { ReadBudget } from './reframed-socket.ts';
import { ReframedSocket } from './reframed-socket.ts';
import type { ReframedStream } from './reframed-stream.ts';
import { MovedMarks } from './reframed-stream.ts';

interface ReframingOptions {
  readonly framing: FramingSpec;
  /** The sockets whose streams are re-framed. */
  readonly chosen: ReadonlySet<number>;
  readonly name: string;
  readonly appVersion: string;
  /** Returns what is wrong with the session, in sentences; called at the end, when everything was read. */
  readonly notice: () => string;
}

/** What was written. */
interface Rewritten {
  readonly records: number;
  readonly messages: number;
  readonly notice: string;
}

/** What was written, and whether its records must still be sorted by time. */
interface Written extends Rewritten {
  readonly isOrdered: boolean;
}

/** How much is read between two places to pause. */
const stepBytes = 262_144;

/**
 * Copies the records of a session, as it is now, into another session: re-frames those of the selected sockets and copies
 * the others. A new message is written in the place of the old record that completed it, with the time of the read that did
 * (`orderSession` moves it there); events about the old framing are omitted. Stops at damage, after everything before it.
 */
export class ReframedSession {
  readonly #index: BlockIndex;
  readonly #options: ReframingOptions;
  readonly #writer: SessionWriter;
  readonly #marks = new MovedMarks();
  readonly #budget: ReadBudget = { waiting: 0, joined: 0 };
  readonly #sockets = new Map<number, ReframedSocket>();
  readonly #described = new Set<number>();
  /** The streams in which bytes wait for an idle gap, in the order in which the gaps end. */
  readonly #waiting = new Set<ReframedStream>();
  #progress: Progress = { done: 0, total: 0 };
  #lastAt = 0;

  constructor(index: BlockIndex, options: ReframingOptions, target: TargetFile) {
    this.#index = index;
    this.#options = options;
    this.#writer = new SessionWriter(target);
  }

  /** Each `yield` is a place to pause or stop. Throws what reading and writing the files throw. */
  *write(): Generator<Progress, Written> {
    const index = this.#index;
    const writer = this.#writer;
    const source = new BlockSource(index);
    const reads = new ReadsWalk(index);
    // Read together: a live session may grow from now on.
    const { count, end } = index;
    this.#writeHeader();
    for (let at = 0; at < count && at < index.count; at += 1) {
      const position = index.positions[at] as number;
      this.#progress = { done: position, total: end };
      yield* reads.upTo(position, this.#read);
      const block = at < index.count ? source.load(at) : undefined;
      if (block === undefined) break;
      yield* this.#take(block);
    }
    yield* reads.upTo(end, this.#read);
    for (const socket of this.#sockets.values()) socket.end();
    const notice = this.#notice();
    for (const id of index.sockets.keys()) this.#describe(id);
    writer.flush();
    const { totals } = writer;
    const marks = this.#marks.all(totals.records);
    if (marks.length > 0) writer.json(blockTypes.marks, marks);
    writer.json(blockTypes.end, totals);
    const isOrdered = writer.isOrdered || totals.records > maxOrdered;
    return { records: totals.records, messages: totals.messages, notice, isOrdered };
  }

  #writeHeader(): void {
    const { name, appVersion } = this.#options;
    const header: SessionHeader = {
      format: sessionFormat,
      version: sessionVersion,
      app: appVersion,
      id: randomUUID(),
      name,
      createdAt: new Date().toISOString(),
    };
    this.#writer.json(blockTypes.session, header);
  }

  readonly #read = (id: number, at: number, offset: number, length: number): void => {
    if (this.#options.chosen.has(id)) this.#socket(id).read(at, offset, length);
    else this.#writer.read(id, at, offset, length);
  };

  *#take(block: DecodedBlock): Generator<Progress, void> {
    const { sockets } = block.columns;
    const { chosen } = this.#options;
    let step = 0;
    for (let at = 0; at < block.count; at += 1) {
      const id = sockets[at] as number;
      this.#describe(id);
      this.#lastAt = block.at(at);
      if (this.#waiting.size > 0) this.#endGaps(this.#lastAt);
      if (chosen.has(id)) {
        yield* this.#reframe(this.#socket(id), block, at);
      } else {
        this.#keepMark(block, at);
        yield* this.#writer.add(block, at, this.#progress);
      }
      step += block.columns.lengths[at] as number;
      if (step < stepBytes) continue;
      step = 0;
      yield this.#progress;
    }
    yield this.#progress;
  }

  *#reframe(socket: ReframedSocket, block: DecodedBlock, at: number): Generator<Progress, void> {
    if (isMessage(block, at)) {
      const stream = block.columns.kinds[at] === kindCodes.in ? socket.in : socket.out;
      yield* socket.take(block, at, this.#markAt(block, at), this.#progress);
      this.#waiting.delete(stream);
      if (stream.dueAt < Number.POSITIVE_INFINITY) this.#waiting.add(stream);
      return;
    }
    const kind = block.columns.kinds[at];
    if (kind === kindCodes.ended) socket.endIn();
    else if (kind === kindCodes.shutdown) socket.out.end();
    else if (kind === kindCodes.failed) socket.end();
    else if (kind === kindCodes.closed) this.#close(socket);
    this.#keepMark(block, at);
    if (!isAboutFraming(block, at)) yield* this.#writer.add(block, at, this.#progress);
  }

  #close(socket: ReframedSocket): void {
    socket.close();
    this.#sockets.delete(socket.id);
    this.#waiting.delete(socket.in);
    this.#waiting.delete(socket.out);
  }

  /** Ends the messages whose idle gap has passed at the time `at`. */
  #endGaps(at: number): void {
    for (const stream of this.#waiting) {
      const { dueAt } = stream;
      // Infinity: no bytes wait in it any more.
      if (dueAt > at && dueAt < Number.POSITIVE_INFINITY) return;
      stream.idle(at);
      this.#waiting.delete(stream);
    }
  }

  /** Moves the mark on record `at` to the next record written: that record itself, if it is copied. */
  #keepMark(block: DecodedBlock, at: number): void {
    const mark = this.#markAt(block, at);
    if (mark) this.#marks.move(mark, this.#writer.next);
  }

  #markAt(block: DecodedBlock, at: number): Mark | undefined {
    const { marks } = this.#index;
    return marks.size === 0 ? undefined : marks.get(block.first + at);
  }

  #socket(id: number): ReframedSocket {
    let socket = this.#sockets.get(id);
    if (socket === undefined) {
      const target = { writer: this.#writer, marks: this.#marks, framing: this.#options.framing };
      socket = new ReframedSocket(id, target, this.#budget);
      this.#sockets.set(id, socket);
    }
    return socket;
  }

  /** Describes a socket before its first record, or at the end if it has no record. */
  #describe(id: number): void {
    if (this.#described.has(id)) return;
    this.#described.add(id);
    const info = this.#index.sockets.get(id);
    if (info === undefined) return;
    const { chosen, framing } = this.#options;
    const described = chosen.has(id) ? { ...info, framing: formatFraming(framing) } : info;
    this.#writer.json(blockTypes.sockets, [described]);
  }

  /** Returns what was not re-framed; also records it, without a socket, as the last record. */
  #notice(): string {
    const { joined } = this.#budget;
    const tooMany =
      joined === 0 ? '' : `${joined} reads were merged with the reads before them, because there were too many.`;
    const unordered =
      this.#writer.isOrdered || this.#writer.next < maxOrdered
        ? ''
        : `The records are not sorted by time, because there are more than ${maxOrdered}.`;
    const notice = [this.#options.notice(), tooMany, unordered].filter(Boolean).join(' ');
    if (notice !== '') this.#writer.event(0, this.#lastAt, { kind: 'problem', text: notice });
    return notice;
  }
}

/** The kinds of events that can be about the framing, by code. */
const framingKinds = new Map(
  eventKinds.filter(({ isAboutFraming }) => isAboutFraming).map((kind) => [kind.code, kind]),
);

/** Returns true for an event about the old framing, which no longer applies. */
function isAboutFraming(block: DecodedBlock, at: number): boolean {
  const { kinds, lengths } = block.columns;
  const descriptor = framingKinds.get(kinds[at] as number);
  if (descriptor === undefined) return false;
  const json = decodeUtf8Lossy(block.bytes(at, 0, Math.min(lengths[at] as number, maxEventBytes)));
  const event = parseSocketEvent(json, descriptor.kind);
  return event !== undefined && descriptor.isAboutFraming?.(event) === true;
}

/** Longer events are hostile: the engine's texts are short. */
const maxEventBytes = 65_536;
