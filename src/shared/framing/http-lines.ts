const carriageReturn = 0x0d;
const lineFeed = 0x0a;
const tab = 0x09;
const firstPrintable = 0x20;

/**
 * Reads lines of together at most `most` bytes from chunks that may end anywhere. Keeps the start of a line that continues in the
 * next chunk.
 */
export class LineReader {
  /** Bytes read since `begin`. */
  taken = 0;
  /** More than `most` bytes have been read. */
  full = false;
  /** The last line: the bytes `from` to `to` of `source`, without its end (LF or CR LF). Valid until the next call. */
  source: Uint8Array;
  from = 0;
  to = 0;
  /** The last line contains a control character other than tab, such as a CR without an LF. */
  hasControl = false;
  readonly #most: number;
  /** The line continues, and its last byte so far is a CR. */
  #endsInReturn = false;
  /** The current line contains a control character, as far as it has been read. */
  #control = false;
  #carry = new Uint8Array(256);
  #carried = 0;

  constructor(most: number) {
    this.#most = most;
    this.source = this.#carry;
  }

  begin(): void {
    this.taken = 0;
    this.full = false;
    this.#carried = 0;
    this.#endsInReturn = false;
    this.#control = false;
  }

  /** Reads the line that contains `at`; returns the offset of the next line, or `~` of the offset at which it stopped inside the line. */
  read(chunk: Uint8Array, at: number): number {
    // Lines of a header are short, so a loop finds their ends faster than calls of `indexOf`.
    const last = Math.min(chunk.length, at + this.#most - this.taken);
    let feed = at;
    while (feed < last && (chunk[feed] as number) >= firstPrintable) feed += 1;
    // Nearly every line is whole and ends with CR LF.
    if (feed + 1 < last && chunk[feed] === carriageReturn && chunk[feed + 1] === lineFeed && this.#carried === 0) {
      this.hasControl = false;
      this.source = chunk;
      this.from = at;
      this.to = feed;
      this.taken += feed + 2 - at;
      return feed + 2;
    }
    feed = this.#findFeed(chunk, at, last);
    const found = feed < last;
    const stop = found ? feed + 1 : last;
    this.taken += stop - at;
    if (!found || this.#carried > 0) this.#carryOn(chunk, at, stop);
    if (!found) {
      this.full = stop < chunk.length;
      return ~stop;
    }
    this.hasControl = this.#control;
    this.#control = false;
    if (this.#carried > 0) {
      this.source = this.#carry;
      this.from = 0;
      this.to = this.#carried - 1;
      this.#carried = 0;
    } else {
      this.source = chunk;
      this.from = at;
      this.to = feed;
    }
    if (this.to > this.from && this.source[this.to - 1] === carriageReturn) this.to -= 1;
    return stop;
  }

  /** Returns the offset of the line's LF, or `last`, and notes control characters before it. */
  #findFeed(chunk: Uint8Array, at: number, last: number): number {
    if (this.#endsInReturn && at < last && chunk[at] !== lineFeed) this.#control = true;
    this.#endsInReturn = false;
    for (let feed = at; ; feed += 1) {
      while (feed < last && (chunk[feed] as number) >= firstPrintable) feed += 1;
      const byte = feed < last ? chunk[feed] : lineFeed;
      if (byte === lineFeed) return feed;
      if (byte === carriageReturn) {
        if (feed + 1 === last) this.#endsInReturn = true;
        else if (chunk[feed + 1] !== lineFeed) this.#control = true;
      } else if (byte !== tab) this.#control = true;
    }
  }

  #carryOn(chunk: Uint8Array, from: number, to: number): void {
    const needed = this.#carried + to - from;
    if (needed > this.#carry.length) {
      const grown = new Uint8Array(Math.max(needed, this.#carry.length * 2));
      grown.set(this.#carry.subarray(0, this.#carried));
      this.#carry = grown;
    }
    this.#carry.set(chunk.subarray(from, to), this.#carried);
    this.#carried = needed;
  }
}

/** The bytes after a malformed message that belong to no message: up to the next line that begins like a start line. */
export class LostBytes {
  /** Why the bytes are not a message. */
  problem = '';
  /** There are such bytes. */
  any = false;
  /** The next byte begins a line. */
  lineBegins = false;

  begin(problem: string): void {
    this.problem = problem;
    this.any = false;
    this.lineBegins = false;
  }

  /** Returns true if `byte`, the next one, begins a line with a capital letter, as start lines do. */
  endsAt(byte: number): boolean {
    return this.lineBegins && byte >= 0x41 && byte <= 0x5a;
  }

  /** Skips the line that contains `at`; returns the offset of the next bytes. */
  skipLine(chunk: Uint8Array, at: number): number {
    this.any = true;
    const feed = chunk.indexOf(lineFeed, at);
    this.lineBegins = feed >= 0;
    return feed < 0 ? chunk.length : feed + 1;
  }
}

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
