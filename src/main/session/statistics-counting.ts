import { isProblem, kindCodes, kindOfCode, messageFlags, type SocketInfo } from '#shared/record/record.ts';
import { type Lane, maxLanes, type Statistics } from '#shared/record/statistics.ts';
import { distributionsOf, gapMicros, LaneCounts, type LaneSpread, newSpread } from '#shared/statistics/lane-counts.ts';
import { RateBins } from '#shared/statistics/rate-bins.ts';
import type { ReplyPairs } from '#shared/statistics/reply-times.ts';
import type { Batch } from './statistics-batches.ts';
import type { RecordKey } from './statistics-keys.ts';

/** Lanes whose sizes and gaps are counted at once; a busier one that comes later takes a second pass. */
const spreadLanes = 1_024;

const problemCodes = Uint8Array.from({ length: 256 }, (_, code) => {
  const kind = kindOfCode(code);
  return kind !== undefined && isProblem(kind) ? 1 : 0;
});

/** Which way a socket's requests go. */
const unknownWay = 2;

/** How replies are paired, and what gives a record's key (nothing where they are paired in order). */
export interface Pairs {
  readonly pairs: ReplyPairs;
  readonly key: RecordKey | undefined;
}

/** Counts records as they are told, in columns: what it keeps does not grow with their number. */
export class Counting {
  readonly #sockets: ReadonlyMap<number, SocketInfo>;
  readonly #pairs: ReplyPairs;
  readonly #key: RecordKey | undefined;
  readonly #lanes = new LaneCounts();
  readonly #spreads: (LaneSpread | undefined)[] = [];
  readonly #total = [newSpread(), newSpread()] as const;
  readonly #totals = {
    messages: [0, 0] as [number, number],
    bytes: [0, 0] as [number, number],
    firsts: [0, 0] as [number, number],
    lasts: [0, 0] as [number, number],
  };
  readonly #rates = new RateBins();
  /** By slot: 0 or 1 for requests that come in or go out. By lane: whether the last record is to be continued. */
  #ways = new Uint8Array(64).fill(unknownWay);
  #cut = new Uint8Array(128);
  #records = 0;
  #events = 0;
  #problems = 0;
  #untracked = 0;
  #firstAt = 0;
  #lastAt = 0;

  constructor(sockets: ReadonlyMap<number, SocketInfo>, { pairs, key }: Pairs) {
    this.#sockets = sockets;
    this.#pairs = pairs;
    this.#key = key;
  }

  take(batch: Batch): void {
    const { columns, records, from, to, baseTime } = batch;
    const { kinds, sockets, lengths, times } = columns;
    if (from === to) return;
    let socket = -1;
    let slot = -1;
    for (let at = from; at < to; at += 1) {
      const record = records ? (records[at] as number) : at;
      const id = sockets[record] as number;
      if (id !== socket) {
        socket = id;
        slot = this.#slotOf(id);
      }
      if (slot < 0) this.#untracked += 1;
      const code = kinds[record] as number;
      if (code === kindCodes.in || code === kindCodes.out) {
        const time = baseTime + (times[record] as number) / 1_000;
        this.#message(code, slot, time, lengths[record] as number);
        if (slot >= 0) this.#pair(batch, record, code, slot, time);
      } else {
        this.#events += 1;
        this.#problems += problemCodes[code] as number;
      }
    }
    const timeOf = (at: number) => baseTime + (times[records ? (records[at] as number) : at] as number) / 1_000;
    if (this.#records === 0) this.#firstAt = timeOf(from);
    this.#lastAt = timeOf(to - 1);
    this.#records += to - from;
  }

  /** The busiest lanes whose sizes and gaps are not counted yet: `takeAgain` wants all records once more for them. */
  missing(): ReadonlyMap<number, LaneSpread> {
    const missing = new Map<number, LaneSpread>();
    for (const lane of this.#lanes.busiest(maxLanes)) {
      if (this.#spreads[lane]) continue;
      const spread = newSpread();
      missing.set(lane, spread);
      this.#spreads[lane] = spread;
    }
    return missing;
  }

  /** Counts sizes and gaps of the lanes that were missing. `lasts` is kept from one call to the next. */
  takeAgain(batch: Batch, missing: ReadonlyMap<number, LaneSpread>, lasts: Map<number, number>): void {
    const { columns, records, from, to, baseTime } = batch;
    for (let at = from; at < to; at += 1) {
      const record = records ? (records[at] as number) : at;
      const code = columns.kinds[record] as number;
      if (code !== kindCodes.in && code !== kindCodes.out) continue;
      const slot = this.#lanes.slotOf(columns.sockets[record] as number);
      const lane = slot * 2 + code;
      const spread = missing.get(lane);
      if (slot < 0 || spread === undefined) continue;
      const time = baseTime + (columns.times[record] as number) / 1_000;
      const before = lasts.get(lane);
      lasts.set(lane, time);
      spread.sizes.add(columns.lengths[record] as number);
      if (before !== undefined) spread.gaps.add(gapMicros(before, time));
    }
  }

  statistics(): Statistics {
    const lanes = this.#lanes.busiest(maxLanes).map((lane) => this.#lane(lane));
    const infos = new Map<number, SocketInfo>();
    for (const { socket } of lanes) {
      const info = this.#sockets.get(socket);
      if (info) infos.set(socket, info);
    }
    return {
      records: this.#records,
      events: this.#events,
      problems: this.#problems,
      firstAt: this.#firstAt,
      lastAt: this.#lastAt,
      socketCount: this.#lanes.count,
      total: [this.#totalLane(0), this.#totalLane(1)],
      lanes,
      moreLanes: this.#lanes.used - lanes.length,
      sockets: [...infos.values()],
      untracked: this.#untracked,
      rates: this.#rates.rates(),
      replies: this.#pairs.times(),
    };
  }

  #message(code: 0 | 1, slot: number, time: number, length: number): void {
    const { messages, bytes, firsts, lasts } = this.#totals;
    const total = this.#total[code];
    if (messages[code] === 0) firsts[code] = time;
    else total.gaps.add(gapMicros(lasts[code], time));
    lasts[code] = time;
    messages[code] += 1;
    bytes[code] += length;
    total.sizes.add(length);
    this.#rates.add(code, time, length);
    if (slot < 0) return;
    const lane = slot * 2 + code;
    const gap = this.#lanes.add(lane, time, length);
    if (lane >= spreadLanes) return;
    let spread = this.#spreads[lane];
    if (spread === undefined) {
      spread = newSpread();
      this.#spreads[lane] = spread;
    }
    spread.sizes.add(length);
    if (gap >= 0) spread.gaps.add(gap);
  }

  #pair(batch: Batch, record: number, code: 0 | 1, slot: number, time: number): void {
    const { columns, first } = batch;
    const flags = columns.flags[record] as number;
    const lane = slot * 2 + code;
    const continues = this.#cut[lane] === 1;
    this.#cut[lane] = (flags & messageFlags.cutByLimit) === 0 ? 0 : 1;
    if (continues || (flags & messageFlags.filler) !== 0) return;
    // Where nothing is known of a socket, whoever speaks first asks.
    if (this.#ways[slot] === unknownWay) this.#ways[slot] = code;
    const isRequest = this.#ways[slot] === code;
    const key = this.#key?.(batch, record, isRequest);
    if (isRequest) this.#pairs.request(slot, first + record, time, key);
    else this.#pairs.reply(slot, first + record, time, key);
  }

  #slotOf(id: number): number {
    const known = this.#lanes.count;
    const slot = this.#lanes.slotOf(id);
    if (slot < known) return slot;
    if (slot >= this.#ways.length) {
      const ways = new Uint8Array(this.#ways.length * 2).fill(unknownWay);
      const cut = new Uint8Array(this.#cut.length * 2);
      ways.set(this.#ways);
      cut.set(this.#cut);
      this.#ways = ways;
      this.#cut = cut;
    }
    const info = this.#sockets.get(id);
    if (info) this.#ways[slot] = info.role === 'outgoing' ? kindCodes.out : kindCodes.in;
    return slot;
  }

  #lane(lane: number): Lane {
    const spread = this.#spreads[lane];
    if (spread === undefined) throw new Error(`the sizes of lane ${lane} were not counted`);
    return this.#lanes.lane(lane, spread);
  }

  #totalLane(code: 0 | 1): Lane {
    const { messages, bytes, firsts, lasts } = this.#totals;
    return {
      socket: 0,
      direction: code === kindCodes.in ? 'in' : 'out',
      messages: messages[code],
      bytes: bytes[code],
      firstAt: firsts[code],
      lastAt: lasts[code],
      ...distributionsOf(this.#total[code]),
    };
  }
}
