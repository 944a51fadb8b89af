import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlockIndex } from '#session/format/block-index.ts';
import { createSessionFile, jsonBlock, recordsBlock } from '#session/format/outgoing-block.ts';
import { SessionFile } from '#session/format/session-file.ts';
import { makeQuery } from '#session/query/filter/filter-text.ts';
import { Queries } from '#session/query/filter/queries.ts';
import type { Query } from '#session/query/filter/query.ts';
import { finding } from '#session/query/questions/find.ts';
import { locating, windowOf } from '#session/query/questions/matches.ts';
import { Reader } from '#session/query/reader.ts';
import { LogFile } from '#session/record/log-file.ts';
import { Recorder } from '#session/record/recorder.ts';
import { encodeUtf8 } from '#shared/bytes/text.ts';
import type { FilterRecord } from '#shared/filter/ast.ts';
import { compileFilter } from '#shared/filter/compile.ts';
import { parseFilter } from '#shared/filter/parse.ts';
import { Boundaries } from '#shared/message/boundaries.ts';
import { blockTypes } from '#shared/record/block.ts';
import { verdictOf } from '#shared/record/received-checksum.ts';
import { describeEvent, type Mark, type SocketInfo } from '#shared/record/record.ts';
import type { SocketEvent } from '#shared/socket/event.ts';

/** A record to write, and all that a filter may ask of it. */
export type Script =
  | {
      readonly kind: 'in' | 'out';
      readonly socket: number;
      readonly waitMs: number;
      readonly body: Uint8Array;
      readonly head: number;
      readonly tail: number;
      readonly flags: number;
    }
  | { readonly kind: 'event'; readonly socket: number; readonly waitMs: number; readonly event: SocketEvent };

export const startAt = 1_800_000_000_000;

/** Of four sockets the last is not described. */
export const infos: readonly SocketInfo[] = [1, 2, 3].map((id) => ({
  id,
  role: 'accepted',
  transport: id === 2 ? 'tls' : 'udp',
  endpoint: `server-${id}`,
  name: id === 1 ? '' : 'client needle',
  local: '127.0.0.1:12345',
  peer: `127.0.0.1:${id}`,
  framing: 'raw',
  // An unknown checksum is not checked.
  ...(id === 2 ? {} : { checksum: id === 1 ? 'sum-8' : 'unknown' }),
}));

const headByte = 0x6e;
const tailByte = 0x65;

function framed({ body: message, head, tail }: Extract<Script, { kind: 'in' | 'out' }>): Uint8Array {
  return Uint8Array.from([...new Array(head).fill(headByte), ...message, ...new Array(tail).fill(tailByte)]);
}

/** Writes `script` to `path` in small blocks; each record as a filter must see it. */
export function writeFilterSession(path: string, script: readonly Script[], capacity = 16): FilterRecord[] {
  const header = { format: 'wirebench-session', version: 1, app: 'test', id: 'id', name: 'n', createdAt: '' } as const;
  const created = createSessionFile(path, header);
  if ('code' in created) throw new Error(created.system);
  const file = new LogFile(path, created.length);
  const append = (block: Parameters<LogFile['append']>[0][number]) => {
    const failure = file.append([block]);
    if (failure) throw new Error(failure.system);
  };
  const output = {
    sockets: (described: SocketInfo[]) => append(jsonBlock(blockTypes.sockets, described, file.next)),
    records: (block: Parameters<typeof recordsBlock>[0]) => append(recordsBlock(block)),
    reads: () => undefined,
    awaited: () => undefined,
  };
  const options = { capacity, payloadCapacity: capacity * 16, maxAgeMs: 1_000_000, ascending: false };
  const recorder = new Recorder(output, options);
  for (const info of infos) recorder.describe(info);
  let at = startAt;
  const records = script.map((step): FilterRecord => {
    at += step.waitMs;
    const info = infos[step.socket - 1];
    const known = { at, socket: step.socket, info, bookmarked: false, note: '' };
    if (step.kind === 'event') {
      const seq = recorder.event(step.socket, at, step.event);
      const sentence = encodeUtf8(describeEvent(step.event));
      const none = new Uint8Array(0);
      const { kind } = step.event;
      const checksum = () => undefined;
      const event = { ...step.event };
      return { ...known, seq, kind, event, length: 0, flags: 0, checksum, body: () => sentence, bytes: () => none };
    }
    const bytes = framed(step);
    const boundaries = new Boundaries();
    boundaries.push(bytes.length, step.head, step.tail, step.flags);
    const seq = recorder.messages(step.socket, step.kind, at, new Uint8Array(0), bytes, boundaries);
    const { kind, flags } = step;
    const { length } = bytes;
    const checksum = () => verdictOf({ ...step, length }, record.info as SocketInfo | undefined, () => bytes);
    const content = { body: () => step.body, bytes: () => bytes };
    const record: FilterRecord = { ...known, seq, kind, length, flags, checksum, ...content };
    return record;
  });
  recorder.flush();
  recorder.stop();
  file.close();
  return records;
}

/** The index of the file at `path`, walked to its end. */
export function indexOf(path: string): BlockIndex {
  const index = new BlockIndex(new SessionFile(path), false);
  index.walk(Number.POSITIVE_INFINITY);
  return index;
}

/** A session in blocks of 16 records, read by a separate reader; `ends` is where its blocks end. */
export class FilterSession implements Disposable {
  readonly #folder: string;
  readonly #path: string;
  readonly reader: Reader;
  readonly queries: Queries;
  readonly ends: number[];
  /** The records as they are now known. */
  readonly records: FilterRecord[];

  constructor(script: readonly Script[], capacity?: number) {
    this.#folder = mkdtempSync(join(tmpdir(), 'wirebench-'));
    this.#path = join(this.#folder, 'session.wirebench');
    this.records = writeFilterSession(this.#path, script, capacity);
    const index = indexOf(this.#path);
    this.ends = [...index.positions.subarray(1, index.count), index.end];
    index.file.close();
    this.reader = new Reader(this.#path, true);
    this.queries = new Queries(this.reader.queryReads);
  }

  get end(): number {
    return this.ends.at(-1) as number;
  }

  mark(mark: Mark): void {
    this.reader.index.marks.set(mark.seq, mark);
    Object.assign(this.records[mark.seq] ?? {}, mark);
  }

  describe(info: SocketInfo): void {
    this.reader.index.sockets.set(info.id, info);
    for (const record of this.records) if (record.socket === info.id) Object.assign(record, { info });
  }

  /** The numbers of the first `total` records that match. */
  expected(text: string, total = this.records.length): number[] {
    const parsed = parseFilter(text);
    if (!parsed.ok) throw new Error(parsed.problem.message);
    const test = compileFilter(parsed.filter);
    const context = { startAt: this.records[0]?.at ?? 0 };
    return this.records.filter((record) => record.seq < total && test(record, context)).map(({ seq }) => seq);
  }

  /** Returns the query of `text` (without it: of every record), created at its first use. Reads new records first. */
  query(text: string | undefined, upTo = this.end): Query {
    this.reader.index.walk(upTo);
    this.queries.refresh();
    if (text !== undefined && !this.queries.has(text)) {
      const made = makeQuery(text, { filter: text }, this.queries);
      if (!made.ok) throw new Error(made.error.system);
    }
    const query = this.queries.get(text);
    if (!query.ok) throw new Error(query.error.system);
    return query.value;
  }

  window(text: string, upTo: number, range: Parameters<typeof windowOf>[1]): ReturnType<typeof windowOf> {
    return windowOf(this.query(text, upTo), range, this.queries.reads);
  }

  locate(text: string | undefined, wanted: Parameters<typeof locating>[1]) {
    return finished(locating(this.query(text), wanted, this.queries.reads)).found;
  }

  find(text: string | undefined, wanted: Parameters<typeof finding>[1]) {
    return finished(finding(this.query(text), wanted, this.queries)).found;
  }

  /** The numbers that windows of `count` rows show, one after the other, when the search has come to the end. */
  shown(text: string, upTo = this.end, count = 7): number[] {
    const seqs: number[] = [];
    for (;;) {
      const { rows, matched, scanned, total } = this.window(text, upTo, { first: seqs.length, count });
      if (scanned < total) continue;
      const expected = Math.min(count, matched - seqs.length);
      if (rows.length !== expected) throw new Error(`${rows.length} rows came, not ${expected}`);
      seqs.push(...rows.map(({ seq }) => seq));
      if (seqs.length === matched) return seqs;
    }
  }

  [Symbol.dispose](): void {
    this.reader.close();
    rmSync(this.#folder, { recursive: true });
  }
}

/** The answer at the end of a question that works in steps. */
export function finished<T>(
  work: Generator<unknown, { ok: true; value: T } | { ok: false; error: { system: string } }>,
): T {
  for (let step = work.next(); ; step = work.next()) {
    if (!step.done) continue;
    if (!step.value.ok) throw new Error(step.value.error.system);
    return step.value.value;
  }
}
