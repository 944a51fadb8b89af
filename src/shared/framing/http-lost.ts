const lineFeed = 0x0a;

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
