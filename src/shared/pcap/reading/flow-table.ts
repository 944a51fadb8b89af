import type { ResetConnection } from './flow-start.ts';

/** Maximum number of open flows; the ones that were idle longest are ended. */
const maxOpen = 16_384;
/** Maximum number and age of ended flows that are remembered, so that their last packets do not begin new flows. */
const maxEnded = 65_536;
const rememberedMs = 120_000;

/** The part of a flow that a table uses. */
interface TabledFlow {
  readonly lastAt: number;
}

/** A flow that has ended. */
interface EndedFlow {
  readonly at: number;
  /** Its local address and port. */
  readonly local: string;
  readonly reset: ResetConnection | undefined;
}

/** The flows of one transport by their two addresses and ports. */
export class FlowTable<Flow extends TabledFlow> {
  readonly #evict: (flow: Flow) => void;
  readonly #open = new Map<string, { readonly flow: Flow; readonly local: string }>();
  readonly #ended = new Map<string, EndedFlow>();

  /** `evict` ends a flow to make room for another one. */
  constructor(evict: (flow: Flow) => void) {
    this.#evict = evict;
  }

  get(key: string): Flow | undefined {
    return this.#open.get(key)?.flow;
  }

  /** Returns true if `end` is the local side of the flow. */
  isLocal(key: string, end: string): boolean {
    return this.#open.get(key)?.local === end;
  }

  /** Adds a flow, and replaces one with the same ends. */
  add(key: string, local: string, flow: Flow): void {
    if (this.#open.size >= maxOpen) this.#makeRoom();
    this.#open.set(key, { flow, local });
    this.#ended.delete(key);
  }

  /** Removes a flow that ended at `at`, and remembers how it ended. */
  end(key: string, at: number, reset: ResetConnection | undefined): void {
    const local = this.#open.get(key)?.local ?? '';
    this.#open.delete(key);
    const [oldest] = this.#ended.keys();
    if (oldest !== undefined && this.#ended.size >= maxEnded) this.#ended.delete(oldest);
    this.#ended.set(key, { at, local, reset });
  }

  /** Returns a flow of these ends that ended shortly before `at`. */
  ended(key: string, at: number): EndedFlow | undefined {
    const ended = this.#ended.get(key);
    return ended !== undefined && at - ended.at < rememberedMs ? ended : undefined;
  }

  *open(): Generator<Flow> {
    for (const { flow } of this.#open.values()) yield flow;
  }

  #makeRoom(): void {
    const byAge = [...this.#open].sort(([, one], [, other]) => one.flow.lastAt - other.flow.lastAt);
    for (const [key, { flow }] of byAge.slice(0, maxOpen / 8)) {
      this.#evict(flow);
      // The connection has not ended: later packets begin a socket in its middle.
      this.#open.delete(key);
    }
  }
}
