/** The maximum number of remembered requests whose response is framed differently. */
const maxUnusual = 1_000;

/**
 * The methods of unanswered requests on which the framing of their responses depends: HEAD and CONNECT. Other requests are only
 * counted, so that they need no memory.
 */
export class OutstandingMethods {
  /** For each HEAD and CONNECT, the number of other requests since the previous one. */
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

  /** Returns the method of the request that the next response answers: HEAD, CONNECT, or empty for any other. */
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
