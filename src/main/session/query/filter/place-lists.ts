/** The approximate number of numbers kept, with an allowance for each list. */
const maxKept = 65_536;
const listCost = 16;

/** The matches of the recently used blocks. */
export class PlaceLists {
  readonly #lists = new Map<number, Uint32Array>();
  #kept = 0;

  get(at: number): Uint32Array | undefined {
    const places = this.#lists.get(at);
    if (places) {
      this.#lists.delete(at);
      this.#lists.set(at, places);
    }
    return places;
  }

  set(at: number, places: Uint32Array): void {
    this.drop(at);
    this.#lists.set(at, places);
    this.#kept += places.length + listCost;
    for (const oldest of this.#lists.keys()) {
      if (this.#kept <= maxKept || oldest === at) return;
      this.drop(oldest);
    }
  }

  drop(at: number): void {
    const places = this.#lists.get(at);
    if (places === undefined) return;
    this.#lists.delete(at);
    this.#kept -= places.length + listCost;
  }

  /** Drops the lists of block `at` and of all later blocks. */
  dropFrom(at: number): void {
    for (const block of [...this.#lists.keys()]) if (block >= at) this.drop(block);
  }
}
