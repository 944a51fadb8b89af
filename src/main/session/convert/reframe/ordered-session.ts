import { blockTypes } from '#shared/record/block.ts';
import { kindCodes } from '#shared/record/record.ts';
import { eventKinds } from '#shared/socket/event.ts';
import { BlockIndex } from '../../format/block-index.ts';
import { BlockSource } from '../../format/block-source.ts';
import type { DecodedBlock } from '../../format/decoded-block.ts';
import { BlockCache } from '../../format/decoded-block.ts';
import type { SessionFile } from '../../format/session-file.ts';
import { ReadsWalk } from '../../query/reads.ts';
import type { Progress } from '../../threads.ts';
import { SessionWriter } from '../export/session-writer.ts';
import type { TargetFile } from '../export/target-file.ts';
import { MovedMarks } from './reframed-stream.ts';

/** Sessions with more records keep the order in which they were written: sorting needs 16 bytes of memory per record. */
export const maxOrdered = 20_000_000;
/** How many records are written between two places to pause. */
const stepRecords = 256;

/**
 * Writes the session in `file` to `target` with its records in the order of time. A message moves to the time of the read that
 * completed it, or of the write that sent its last byte; events keep their order, and no message moves before its socket was open,
 * past the end of its direction or past another message. Each `yield` is a place to pause or stop. Throws what reading and writing throw.
 */
export function* orderSession(file: SessionFile, target: TargetFile): Generator<Progress, true> {
  const index = new BlockIndex(file, false);
  index.walk(Number.POSITIVE_INFINITY);
  const { total, end } = index;
  const progress: Progress = { done: end, total: end * 2 };
  const writer = new SessionWriter(target);
  writer.json(blockTypes.session, index.header);
  const keys = yield* keysOf(index);
  const order = yield* withProgress(orderOf(keys), progress);
  const blocks = new BlockCache(index);
  const reads = new ReadsWalk(index);
  const marks = new MovedMarks();
  const described = new Set<number>();
  const describe = (id: number) => {
    const info = index.sockets.get(id);
    if (described.has(id) || !info) return;
    described.add(id);
    writer.json(blockTypes.sockets, [info]);
  };
  for (let place = 0; place < total; place += 1) {
    const seq = order[place] as number;
    const at = index.find(seq);
    yield* reads.upTo(index.positions[at] as number, (...read) => writer.read(...read));
    const block = blocks.get(at);
    // This program has just written it.
    if (block === undefined) throw new Error('the session file changed while it was sorted');
    const record = seq - block.first;
    describe(block.columns.sockets[record] as number);
    const mark = index.marks.get(seq);
    if (mark) marks.move(mark, writer.next);
    yield* writer.add(block, record, progress);
    if (place % stepRecords === 0) yield { done: end + (end * place) / total, total: end * 2 };
  }
  yield* reads.upTo(end, (...read) => writer.read(...read));
  for (const id of index.sockets.keys()) describe(id);
  writer.flush();
  const moved = marks.all(writer.totals.records);
  if (moved.length > 0) writer.json(blockTypes.marks, moved);
  writer.json(blockTypes.end, writer.totals);
  return true;
}

function* withProgress<T>(work: Generator<number, T>, progress: Progress): Generator<Progress, T> {
  for (let step = work.next(); ; step = work.next()) {
    if (step.done) return step.value;
    yield progress;
  }
}

/** Returns for each record its time, but never before that of a record that it must follow. */
function* keysOf(index: BlockIndex): Generator<Progress, Float64Array> {
  const keys = new Float64Array(index.total);
  const source = new BlockSource(index);
  const floors = new Floors();
  const { count } = index;
  for (let at = 0; at < count; at += 1) {
    const block = source.load(at);
    if (block === undefined) throw new Error('the session file changed while it was sorted');
    for (let record = 0; record < block.count; record += 1) keys[block.first + record] = floors.keyOf(block, record);
    yield { done: index.end, total: index.end * 2 };
  }
  return keys;
}

/** The last keys of one socket: of the event that opened it, of its messages and ends by direction, and of its last record. */
interface Last {
  opened: number;
  in: number;
  out: number;
  any: number;
}

const never = Number.NEGATIVE_INFINITY;
/** The place of each kind of event, by its code. */
const places = new Map(eventKinds.map(({ code, place }) => [code, place]));

/** The earliest keys that records may have. */
class Floors {
  /** The last key of an event of any socket: events keep their order. */
  #event = never;
  readonly #sockets = new Map<number, Last>();

  keyOf(block: DecodedBlock, record: number): number {
    const { kinds, sockets } = block.columns;
    const last = this.#of(sockets[record] as number);
    const at = block.at(record);
    const code = kinds[record] as number;
    switch (code) {
      case kindCodes.in:
        last.in = Math.max(at, last.opened, last.in);
        last.any = last.in;
        break;
      case kindCodes.out:
        last.out = Math.max(at, last.opened, last.out);
        last.any = last.out;
        break;
      default:
        if (places.get(code) === 'with-messages') last.any = Math.max(at, last.any);
        else last.any = this.#eventKey(places.get(code), at, last);
    }
    return last.any;
  }

  #eventKey(place: (typeof eventKinds)[number]['place'], at: number, last: Last): number {
    const isEnd = place === 'last';
    const key = Math.max(
      at,
      this.#event,
      isEnd ? last.any : never,
      isEnd || place === 'after-received' ? last.in : never,
      isEnd || place === 'after-sent' ? last.out : never,
    );
    this.#event = key;
    if (place === 'before-messages') last.opened = key;
    return key;
  }

  #of(socket: number): Last {
    let last = this.#sockets.get(socket);
    if (last === undefined) {
      last = { opened: never, in: never, out: never, any: never };
      this.#sockets.set(socket, last);
    }
    return last;
  }
}

/** How many values are merged between two places to pause. */
const stepValues = 65_536;

/**
 * Returns the positions of `keys` in ascending order, stable for equal keys: merges the ascending runs, of
 * which there are few if only some values are late. Each `yield` is a place to pause or stop, with the number of moved values.
 */
export function* orderOf(keys: Float64Array): Generator<number, Uint32Array> {
  const { length } = keys;
  let order: Uint32Array = Uint32Array.from({ length }, (_, at) => at);
  let into: Uint32Array = new Uint32Array(length);
  let starts: Uint32Array = runsOf(keys);
  while (starts.length > 1) {
    const merged = new Uint32Array(Math.ceil(starts.length / 2));
    let moved = 0;
    for (let run = 0; run < starts.length; run += 2) {
      merged[run / 2] = starts[run] as number;
      const middle = starts[run + 1] ?? length;
      const end = starts[run + 2] ?? length;
      let left = starts[run] as number;
      let right = middle;
      for (let at = left; at < end; at += 1) {
        const takesLeft =
          left < middle &&
          (right >= end || (keys[order[left] as number] as number) <= (keys[order[right] as number] as number));
        into[at] = order[takesLeft ? left++ : right++] as number;
        moved += 1;
        if (moved % stepValues === 0) yield moved;
      }
    }
    [order, into] = [into, order];
    starts = merged;
  }
  return order;
}

/** Returns where each ascending run begins. */
function runsOf(keys: Float64Array): Uint32Array {
  let count = Math.min(1, keys.length);
  for (let at = 1; at < keys.length; at += 1) if ((keys[at] as number) < (keys[at - 1] as number)) count += 1;
  const starts = new Uint32Array(count);
  let run = 1;
  for (let at = 1; at < keys.length; at += 1) {
    if ((keys[at] as number) < (keys[at - 1] as number)) starts[run++] = at;
  }
  return starts;
}
