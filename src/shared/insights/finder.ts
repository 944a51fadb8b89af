import { pairSockets } from '../calls/pairs.ts';
import type { RecordKind, SocketInfo } from '../record/record.ts';
import type { SocketEvent } from '../socket/event.ts';
import { insightKinds } from './catalogue.ts';
import type { Detector, Insight, InsightContext, InsightKind } from './insight.ts';
import { type InsightRecord, SocketTrack } from './socket-track.ts';

/** The maximum number of sockets that are followed at a time; closed ones are forgotten first. */
const maxTracks = 20_000;
/** The maximum number of insights of a session, and of one kind. */
const maxInsights = { all: 10_000, kind: 1_000 } as const;

type AnyHandler = (record: InsightRecord & { event: SocketEvent }, track: SocketTrack) => void;

/**
 * Finds the insights of a session: takes each record once, in order, with the sockets that are known so far. Its memory does not
 * grow with the number of records.
 */
export class InsightFinder {
  readonly #insights: Insight[] = [];
  readonly #known = new Set<string>();
  readonly #counts = new Map<string, number>();
  readonly #tracks = new Map<number, SocketTrack>();
  readonly #detectors: readonly Detector[];
  readonly #handlers = new Map<SocketEvent['kind'], AnyHandler[]>();
  #sockets: ReadonlyMap<number, SocketInfo> = new Map();
  #pairs: ReadonlyMap<number, number> | undefined;
  #now = 0;

  constructor(kinds: readonly InsightKind[] = insightKinds) {
    this.#detectors = kinds.map((kind) => kind.start(this.#context(kind)));
    for (const { on = {} } of this.#detectors)
      for (const [kind, handler] of Object.entries(on)) {
        const handlers = this.#handlers.get(kind as SocketEvent['kind']) ?? [];
        handlers.push(handler as AnyHandler);
        this.#handlers.set(kind as SocketEvent['kind'], handlers);
      }
  }

  /** The insights so far, in the order in which they were found. */
  get insights(): readonly Insight[] {
    return this.#insights;
  }

  /** Takes the sockets of the session as they are known now; called before each block of records. */
  know(sockets: ReadonlyMap<number, SocketInfo>): void {
    this.#sockets = sockets;
    this.#pairs = undefined;
  }

  /** Takes the next record. Records of sockets that are not described are ignored. */
  take(record: InsightRecord, kind: RecordKind): void {
    this.#now = Math.max(this.#now, record.at);
    const track = this.#track(record.socket);
    if (track === undefined) return;
    const direction = kind === 'in' || kind === 'out' ? kind : undefined;
    const isFull = track.take(record, direction);
    if (direction) for (const detector of this.#detectors) detector.message?.(record, track, direction);
    if (record.event)
      for (const handler of this.#handlers.get(record.event.kind) ?? [])
        handler({ ...record, event: record.event }, track);
    if (!isFull && record.event?.kind !== 'closed') return;
    this.#settle(track);
    const other = this.#other(track);
    if (other?.closed && track.closed) this.#settle(other);
    track.forget();
  }

  /** Decides what can be decided of the sockets that are open at `now` (milliseconds since the epoch; the last record's time if left out). */
  finish(now = this.#now): void {
    this.#now = Math.max(this.#now, now);
    for (const track of this.#tracks.values()) this.#settle(track);
  }

  #settle(track: SocketTrack): void {
    for (const detector of this.#detectors) detector.settle?.(track, this.#now);
  }

  #track(id: number): SocketTrack | undefined {
    const info = this.#sockets.get(id);
    if (info === undefined) return undefined;
    let track = this.#tracks.get(id);
    if (track === undefined) {
      if (this.#tracks.size >= maxTracks) this.#makeRoom();
      track = new SocketTrack(info);
      this.#tracks.set(id, track);
    }
    track.info = info;
    return track;
  }

  /** Forgets the closed sockets, or the oldest one where none is closed. */
  #makeRoom(): void {
    for (const [id, { closed }] of this.#tracks) if (closed) this.#tracks.delete(id);
    const [oldest] = this.#tracks.keys();
    if (this.#tracks.size >= maxTracks && oldest !== undefined) this.#tracks.delete(oldest);
  }

  #other({ id }: SocketTrack): SocketTrack | undefined {
    this.#pairs ??= pairSockets(this.#sockets.values());
    const other = this.#pairs.get(id);
    return other === undefined ? undefined : this.#tracks.get(other);
  }

  #context({ id, severity, advice }: InsightKind): InsightContext {
    return {
      tracks: this.#tracks,
      other: (track) => this.#other(track),
      found: ({ id: socket }, sentence, evidence) => {
        const key = `${id} ${socket}`;
        const count = this.#counts.get(id) ?? 0;
        if (this.#known.has(key) || this.#insights.length >= maxInsights.all || count >= maxInsights.kind) return;
        this.#known.add(key);
        this.#counts.set(id, count + 1);
        const seqs = [...new Set(evidence)].sort((one, other) => one - other);
        this.#insights.push({ id, severity, socket, sentence, advice, evidence: seqs });
      },
    };
  }
}
