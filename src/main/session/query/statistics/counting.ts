import { isContinued, messageFlags } from '#shared/message/flags.ts';
import { kindCodes, type SocketInfo } from '#shared/record/record.ts';
import { distributionsOf, FlowCounts, type FlowSpread, gapMicros, newSpread } from '#shared/statistics/flow-counts.ts';
import { RateBins } from '#shared/statistics/rate-bins.ts';
import type { ReplyPairs } from '#shared/statistics/reply-times.ts';
import { type Flow, maxFlows, type Statistics } from '#shared/statistics/statistics.ts';
import { problemCodes } from '../../format/decoded-block.ts';
import { type Batch, batchRecords, type Pairs, type RecordKey } from './batches.ts';

/** The number of flows whose sizes and gaps are counted in the first pass; a busier one that appears later needs a second pass. */
const spreadFlows = 1_024;

/** The direction of a socket's requests. */
const unknownWay = 2;

/** Counts records in columns: its memory does not grow with their number. */
export class Counting {
  readonly #sockets: ReadonlyMap<number, SocketInfo>;
  readonly #pairs: ReplyPairs;
  readonly #key: RecordKey | undefined;
  readonly #flows = new FlowCounts();
  readonly #spreads: (FlowSpread | undefined)[] = [];
  readonly #totals: [Total, Total] = [newTotal(), newTotal()];
  readonly #rates = new RateBins();
  /** By slot: 0 or 1 for received or sent requests. By flow: whether the last record is continued by the next. */
  #ways = new Uint8Array(64).fill(unknownWay);
  #continued = new Uint8Array(128);
  /** The times of the present batch, and the slots of its sockets. */
  readonly #at = new Float64Array(batchRecords);
  readonly #slots = new Int32Array(batchRecords);
  #records = 0;
  #events = 0;
  #problems = 0;
  #untracked = 0;
  #firstAt = Number.POSITIVE_INFINITY;
  #lastAt = Number.NEGATIVE_INFINITY;

  constructor(sockets: ReadonlyMap<number, SocketInfo>, { pairs, key }: Pairs) {
    this.#sockets = sockets;
    this.#pairs = pairs;
    this.#key = key;
  }

  take(batch: Batch): void {
    const { from, to } = batch;
    if (from === to) return;
    this.#locate(batch);
    this.#countTotals(batch, 0);
    this.#countTotals(batch, 1);
    this.#countFlows(batch);
    this.#countPairs(batch);
    this.#records += to - from;
  }

  /** Returns the busiest flows whose sizes and gaps are not counted yet: `takeAgain` needs all records again for them. */
  missing(): ReadonlyMap<number, FlowSpread> {
    const missing = new Map<number, FlowSpread>();
    for (const flow of this.#flows.busiest(maxFlows)) {
      if (this.#spreads[flow]) continue;
      const spread = newSpread();
      missing.set(flow, spread);
      this.#spreads[flow] = spread;
    }
    return missing;
  }

  /** Counts sizes and gaps of the missing flows. `lasts` is kept from one call to the next. */
  takeAgain(batch: Batch, missing: ReadonlyMap<number, FlowSpread>, lasts: Map<number, number>): void {
    const { columns, records, from, to, baseTime } = batch;
    for (let at = from; at < to; at += 1) {
      const record = records ? (records[at] as number) : at;
      const code = columns.kinds[record] as number;
      if (code > kindCodes.out) continue;
      const slot = this.#flows.slotOf(columns.sockets[record] as number);
      const flow = slot * 2 + code;
      const spread = missing.get(flow);
      if (slot < 0 || spread === undefined) continue;
      const time = baseTime + (columns.times[record] as number) / 1_000;
      const before = lasts.get(flow);
      lasts.set(flow, Math.max(before ?? time, time));
      spread.sizes.add(columns.lengths[record] as number);
      if (before !== undefined) spread.gaps.add(gapMicros(before, time));
    }
  }

  statistics(): Statistics {
    const flows = this.#flows.busiest(maxFlows).map((flow) => this.#flow(flow));
    const infos = new Map<number, SocketInfo>();
    for (const { socket } of flows) {
      const info = this.#sockets.get(socket);
      if (info) infos.set(socket, info);
    }
    return {
      records: this.#records,
      events: this.#events,
      problems: this.#problems,
      firstAt: this.#records === 0 ? 0 : this.#firstAt,
      lastAt: this.#records === 0 ? 0 : this.#lastAt,
      socketCount: this.#flows.count,
      total: [this.#totalFlow(0), this.#totalFlow(1)],
      flows,
      moreFlows: this.#flows.used - flows.length,
      sockets: [...infos.values()],
      untracked: this.#untracked,
      rates: this.#rates.rates(),
      replies: this.#pairs.times(),
    };
  }

  /** Finds the time and slot of each record, and counts the events. */
  #locate({ columns, records, from, to, baseTime }: Batch): void {
    const { kinds, sockets, times } = columns;
    const slots = this.#slots;
    const moments = this.#at;
    let socket = -1;
    let slot = -1;
    for (let at = from; at < to; at += 1) {
      const record = records ? (records[at] as number) : at;
      const id = sockets[record] as number;
      if (id !== socket) {
        socket = id;
        slot = this.#slotOf(id);
      }
      slots[at - from] = slot;
      const moment = baseTime + (times[record] as number) / 1_000;
      moments[at - from] = moment;
      if (moment < this.#firstAt) this.#firstAt = moment;
      if (moment > this.#lastAt) this.#lastAt = moment;
      if (slot < 0) this.#untracked += 1;
      const code = kinds[record] as number;
      if (code <= kindCodes.out) continue;
      this.#events += 1;
      this.#problems += problemCodes[code] as number;
    }
  }

  #countTotals({ columns, records, from, to }: Batch, direction: 0 | 1): void {
    const { kinds, lengths } = columns;
    const moments = this.#at;
    const rates = this.#rates;
    const total = this.#totals[direction];
    const { sizes, gaps } = total;
    let { messages, bytes, firstAt, lastAt } = total;
    for (let at = from; at < to; at += 1) {
      const record = records ? (records[at] as number) : at;
      if (kinds[record] !== direction) continue;
      const moment = moments[at - from] as number;
      const length = lengths[record] as number;
      if (messages > 0) gaps.add(gapMicros(lastAt, moment));
      if (messages === 0 || moment < firstAt) firstAt = moment;
      if (messages === 0 || moment > lastAt) lastAt = moment;
      messages += 1;
      bytes += length;
      sizes.add(length);
      rates.add(direction, moment, length);
    }
    this.#totals[direction] = { messages, bytes, firstAt, lastAt, sizes, gaps };
  }

  #countFlows({ columns, records, from, to }: Batch): void {
    const { kinds, lengths } = columns;
    const moments = this.#at;
    const slots = this.#slots;
    const flows = this.#flows;
    for (let at = from; at < to; at += 1) {
      const record = records ? (records[at] as number) : at;
      const code = kinds[record] as number;
      const slot = slots[at - from] as number;
      if (code > kindCodes.out || slot < 0) continue;
      const flow = slot * 2 + code;
      const length = lengths[record] as number;
      const gap = flows.add(flow, moments[at - from] as number, length);
      if (flow >= spreadFlows) continue;
      this.#spreads[flow] ??= newSpread();
      const spread = this.#spreads[flow];
      spread.sizes.add(length);
      if (gap >= 0) spread.gaps.add(gap);
    }
  }

  #countPairs(batch: Batch): void {
    const { columns, records, from, to, first } = batch;
    const { kinds, flags } = columns;
    const continued = this.#continued;
    const ways = this.#ways;
    const pairs = this.#pairs;
    for (let at = from; at < to; at += 1) {
      const record = records ? (records[at] as number) : at;
      const code = kinds[record] as number;
      const slot = this.#slots[at - from] as number;
      if (code > kindCodes.out || slot < 0) continue;
      const flow = slot * 2 + code;
      const flag = flags[record] as number;
      const continues = continued[flow] === 1;
      continued[flow] = isContinued(flag) ? 1 : 0;
      if (continues || (flag & messageFlags.filler) !== 0) continue;
      // If nothing is known of a socket, its first message is a request.
      if (ways[slot] === unknownWay) ways[slot] = code;
      const isRequest = ways[slot] === code;
      const key = this.#key?.(batch, record, isRequest);
      const moment = this.#at[at - from] as number;
      if (isRequest) pairs.request(slot, first + record, moment, key);
      else pairs.reply(slot, first + record, moment, key);
    }
  }

  #slotOf(id: number): number {
    const known = this.#flows.count;
    const slot = this.#flows.slotOf(id);
    if (slot < known) return slot;
    if (slot >= this.#ways.length) {
      const ways = new Uint8Array(this.#ways.length * 2).fill(unknownWay);
      const grown = new Uint8Array(this.#continued.length * 2);
      ways.set(this.#ways);
      grown.set(this.#continued);
      this.#ways = ways;
      this.#continued = grown;
    }
    const info = this.#sockets.get(id);
    if (info) this.#ways[slot] = info.role === 'outgoing' ? kindCodes.out : kindCodes.in;
    return slot;
  }

  #flow(flow: number): Flow {
    const spread = this.#spreads[flow];
    if (spread === undefined) throw new Error(`the sizes of flow ${flow} were not counted`);
    return this.#flows.flow(flow, spread);
  }

  #totalFlow(direction: 0 | 1): Flow {
    const { sizes, gaps, ...counts } = this.#totals[direction];
    const name = direction === kindCodes.in ? 'in' : 'out';
    return { socket: 0, direction: name, ...counts, ...distributionsOf({ sizes, gaps }) };
  }
}

interface Total extends FlowSpread {
  readonly messages: number;
  readonly bytes: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

function newTotal(): Total {
  return { messages: 0, bytes: 0, firstAt: 0, lastAt: 0, ...newSpread() };
}
