import type { SocketInfo } from '../record/record.ts';

/** The distribution of values in one unit. All fields are 0 if `count` is 0. */
export interface Distribution {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  /** Counts of the values in `[from, to)`, ascending, without empty buckets at either end. */
  readonly buckets: readonly { readonly from: number; readonly to: number; readonly count: number }[];
}

/** One direction of one socket, or of all sockets together. */
export interface Flow {
  /** 0 for all sockets together. */
  readonly socket: number;
  readonly direction: 'in' | 'out';
  readonly messages: number;
  /** With framing. */
  readonly bytes: number;
  /** Times of the first and last message, milliseconds since the epoch; 0 without messages. */
  readonly firstAt: number;
  readonly lastAt: number;
  /** Bytes of a message, with framing. */
  readonly sizes: Distribution;
  /** Milliseconds from one message to the next of the flow. */
  readonly gaps: Distribution;
}

/** Messages and bytes of both directions over time, in steps of `stepMs` from `startAt`. */
export interface Rates {
  readonly startAt: number;
  readonly stepMs: number;
  readonly messagesIn: readonly number[];
  readonly messagesOut: readonly number[];
  readonly bytesIn: readonly number[];
  readonly bytesOut: readonly number[];
}

/**
 * How replies are paired with requests: in order, or by the value at a path in both (`json.id`, `xml.order.@id`). A
 * request is a message from the connecting side.
 */
export type Pairing =
  | { readonly kind: 'order' }
  | { readonly kind: 'path'; readonly request: string; readonly reply: string };

/**
 * Times between requests and their replies. Bytes between messages (filler) are neither, and a message in several records
 * counts once.
 */
export interface ReplyTimes {
  readonly requests: number;
  readonly replies: number;
  /** Requests that no reply was paired with. */
  readonly unanswered: number;
  /** By path: requests whose key was used before on the socket, and replies to an answered key. */
  readonly duplicates: number;
  /** Replies without a waiting request. */
  readonly unexpected: number;
  /** By path: messages without a value at the path; they count as neither requests nor replies. */
  readonly unkeyed: number;
  /** Requests sent while too many were waiting (`maxWaiting`): their replies are not timed. */
  readonly untimed: number;
  /** Milliseconds from the request to its reply. */
  readonly times: Distribution;
  /** The slowest pairs, slowest first: record numbers and milliseconds. */
  readonly slowest: readonly { readonly request: number; readonly reply: number; readonly ms: number }[];
  /** The first unanswered requests, by record number. */
  readonly firstUnanswered: readonly number[];
}

/** Everything counted over the records of a session, or over those that match a filter. */
export interface Statistics {
  readonly records: number;
  readonly events: number;
  readonly problems: number;
  readonly firstAt: number;
  readonly lastAt: number;
  /** Sockets with records. */
  readonly socketCount: number;
  /** Both directions of all sockets together, `in` first. */
  readonly total: readonly [Flow, Flow];
  /** The busiest flows by bytes, and the number of the other flows. */
  readonly flows: readonly Flow[];
  readonly moreFlows: number;
  /** What is known of the sockets of `flows`. */
  readonly sockets: readonly SocketInfo[];
  /** Records of sockets after the first `maxSockets`: they are only in the totals. */
  readonly untracked: number;
  readonly rates: Rates;
  readonly replies: ReplyTimes;
}

/** The maximum number of flows that are listed. */
export const maxFlows = 200;
/** The maximum number of sockets that are counted separately. */
export const maxSockets = 100_000;
/** The maximum number of waiting requests: of one socket, and in total. */
export const maxWaiting = { socket: 100_000, all: 1_000_000 } as const;
/** The maximum number of pairs and unanswered requests that are listed. */
export const maxListed = 20;
