import type { ResetConnection } from './flow-start.ts';

/** So many flows are open at once; of more, those that were idle longest are ended. */
const maxOpen = 16_384;
/** So many ended flows are remembered, so that their last packets begin no new ones, and for so long. */
const maxEnded = 65_536;
const rememberedMs = 120_000;

/** What a table needs of a flow. */
interface TabledFlow {
  readonly lastAt: number;
}

/** A flow that has ended. */
interface EndedFlow {
  readonly at: number;
  /** Its local end. */
  readonly local: string;
  readonly reset: ResetConnection | undefined;
}

/** The flows of one transport by the pair of their ends. */
export class FlowTable<Flow extends TabledFlow> {
  readonly #evict: (flow: Flow) => void;
  readonly #open = new Map<string, { readonly flow: Flow; readonly local: string }>();
  readonly #ended = new Map<string, EndedFlow>();

  /** `evict` ends a flow that had to make room. */
  constructor(evict: (flow: Flow) => void) {
    this.#evict = evict;
  }

  get(key: string): Flow | undefined {
    return this.#open.get(key)?.flow;
  }

  /** True where `end` is our side of the flow. */
  isLocal(key: string, end: string): boolean {
    return this.#open.get(key)?.local === end;
  }

  /** Takes the place of one that has the same ends. */
  add(key: string, local: string, flow: Flow): void {
    if (this.#open.size >= maxOpen) this.#makeRoom();
    this.#open.set(key, { flow, local });
    this.#ended.delete(key);
  }

  /** Forgets a flow that has ended at `at`, but for how it did. */
  end(key: string, at: number, reset: ResetConnection | undefined): void {
    const local = this.#open.get(key)?.local ?? '';
    this.#open.delete(key);
    const [oldest] = this.#ended.keys();
    if (oldest !== undefined && this.#ended.size >= maxEnded) this.#ended.delete(oldest);
    this.#ended.set(key, { at, local, reset });
  }

  /** A flow of these ends that has ended not long before `at`. */
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
      // Not ended for good: what comes for it later begins a socket in its middle.
      this.#open.delete(key);
    }
  }
}
