import { Boundaries } from '../../message/boundaries.ts';
import type { LogSink } from '../../record/record.ts';
import type { SocketEvent } from '../../socket/event.ts';

/** The target of the records of a capture. */
export interface CaptureSink extends Pick<LogSink, 'describe' | 'event' | 'messages'> {
  /** Reports that the next `length` bytes of a stream are not in the capture: its next message begins after them. */
  skip(socket: number, direction: 'in' | 'out', length: number): void;
}

type Direction = 'in' | 'out';

/** The target of a flow. An event of one direction says so and keeps its place among the messages of that direction. */
export interface RecordSink {
  describe: CaptureSink['describe'];
  event(socket: number, at: number, event: SocketEvent, direction?: Direction): void;
  /** `missing`: bytes before these messages that are not in the capture. */
  messages(...parameters: [...batch: Parameters<CaptureSink['messages']>, missing: number]): number;
}

/** Maximum number of waiting records; beyond it, the first ones are recorded before earlier ones that may follow. */
const maxRecords = 65_536;
const maxBytes = 32 * 1_048_576;
/** Maximum time for which a flow delays records, in the time of the capture: milliseconds. */
export const maxDelayMs = 10_000;

/** The length at which the list of waiting records is compacted, so that this is not done for each record. */
const compactedAt = 16_384;

interface Waiting {
  /** Its time, or that of an earlier record of its direction if that is later. */
  readonly place: number;
  readonly ticket: number;
  readonly size: number;
  /** Records it; returns its number. */
  readonly record: () => number;
}

/**
 * Records a capture in the order of time, each record with the time of its packet. A flow with missing bytes knows the content of some
 * packets late; until then, later records wait here. The order within one direction of a socket is kept.
 */
export class RecordOrder implements RecordSink {
  /** The number of records so far, which is the ticket of the next one. */
  taken = 0;
  readonly #sink: CaptureSink;
  readonly #onRecord: ((ticket: number, seq: number) => void) | undefined;
  /** By place, from `#first` on; the ones before it are recorded. */
  #waiting: Waiting[] = [];
  #first = 0;
  #bytes = 0;
  /** The last place in each direction of a socket with waiting records. */
  readonly #places = new Map<string, number>();
  /** No further record is earlier than this. */
  #until = Number.POSITIVE_INFINITY;

  /** `onRecord` receives each record by its ticket and its number in the session. */
  constructor(sink: CaptureSink, onRecord?: (ticket: number, seq: number) => void) {
    this.#sink = sink;
    this.#onRecord = onRecord;
  }

  readonly describe: CaptureSink['describe'] = (info) => this.#sink.describe(info);

  event(socket: number, at: number, event: SocketEvent, direction?: Direction): void {
    this.#take(socket, direction, at, 0, () => () => this.#sink.event(socket, at, event));
  }

  messages(
    ...[socket, direction, at, carryOver, bytes, boundaries, missing]: Parameters<RecordSink['messages']>
  ): number {
    const { taken } = this;
    const size = carryOver.length + bytes.length;
    const record = (...message: [carryOver: Uint8Array, bytes: Uint8Array, boundaries: Boundaries]): number => {
      if (missing > 0) this.#sink.skip(socket, direction, missing);
      return this.#sink.messages(socket, direction, at, ...message);
    };
    this.#take(socket, direction, at, size, (isLater) => {
      if (!isLater) return () => record(carryOver, bytes, boundaries);
      const copy = new Uint8Array(size);
      copy.set(carryOver);
      copy.set(bytes, carryOver.length);
      const kept = new Boundaries(1);
      kept.push(size, 0, 0, boundaries.flags[0] as number);
      return () => record(none, copy, kept);
    });
    return taken;
  }

  /** Notes that a segment of `since` (milliseconds) waits in its flow, so that its record may follow later ones. */
  hold(since: number): void {
    this.#until = Math.min(this.#until, since);
  }

  /** Notes that records from `until` (milliseconds) on may still follow; `undefined`: only records from now on. */
  settle(until: number | undefined): void {
    this.#until = until ?? Number.POSITIVE_INFINITY;
    this.#release(this.#until);
  }

  #take(
    socket: number,
    direction: Direction | undefined,
    at: number,
    size: number,
    make: (isLater: boolean) => () => number,
  ): void {
    const ticket = this.taken;
    this.taken += 1;
    if (this.#first === this.#waiting.length && at <= this.#until) {
      this.#recorded(ticket, make(false)());
      return;
    }
    const place = this.#placeOf(socket, direction, at);
    this.#insert({ place, ticket, size, record: make(true) });
    this.#bytes += size;
    this.#release(this.#until);
  }

  /** A record without direction is placed after both directions, and later records after it. */
  #placeOf(socket: number, direction: Direction | undefined, at: number): number {
    const flows = direction === undefined ? [`${socket}in`, `${socket}out`] : [`${socket}${direction}`];
    const place = Math.max(at, ...flows.map((flow) => this.#places.get(flow) ?? 0));
    for (const flow of flows) this.#places.set(flow, place);
    return place;
  }

  #insert(entry: Waiting): void {
    let low = this.#first;
    let high = this.#waiting.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#waiting[middle] as Waiting).place <= entry.place) low = middle + 1;
      else high = middle;
    }
    this.#waiting.splice(low, 0, entry);
  }

  /** Records what is placed before `until`, and what exceeds the maximum. */
  #release(until: number): void {
    for (let next = this.#waiting[this.#first]; next; next = this.#waiting[this.#first]) {
      const isTooMuch = this.#waiting.length - this.#first > maxRecords || this.#bytes > maxBytes;
      if (next.place > until && !isTooMuch) break;
      this.#first += 1;
      this.#bytes -= next.size;
      this.#recorded(next.ticket, next.record());
    }
    if (this.#first === this.#waiting.length) {
      this.#waiting = [];
      this.#first = 0;
      this.#places.clear();
    } else if (this.#first > compactedAt) {
      this.#waiting = this.#waiting.slice(this.#first);
      this.#first = 0;
    }
  }

  #recorded(ticket: number, seq: number): void {
    this.#onRecord?.(ticket, seq);
  }
}

const none = new Uint8Array(0);
