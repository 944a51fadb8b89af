/** The most requests with an unusual answer that are remembered. */
const maxUnusual = 1_000;

/**
 * The methods of requests that are not answered yet, as far as the answers' framing needs them: HEAD and CONNECT. Others
 * are only counted, so that no number of requests costs memory.
 */
export class OutstandingMethods {
  /** For each HEAD and CONNECT, how many others came before it, since the one before that. */
  readonly #unusual: { readonly method: string; before: number }[] = [];
  #others = 0;

  asked(method: string): void {
    if ((method === 'HEAD' || method === 'CONNECT') && this.#unusual.length < maxUnusual) {
      this.#unusual.push({ method, before: this.#others });
      this.#others = 0;
    } else {
      this.#others += 1;
    }
  }

  /** The method that the next answer belongs to: HEAD, CONNECT, or empty for any other. */
  answered(): string {
    const next = this.#unusual[0];
    if (!next) {
      this.#others = Math.max(0, this.#others - 1);
      return '';
    }
    if (next.before === 0) {
      this.#unusual.shift();
      return next.method;
    }
    next.before -= 1;
    return '';
  }
}
