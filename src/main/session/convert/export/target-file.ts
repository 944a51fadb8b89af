import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fchmodSync,
  fstatSync,
  fsyncSync,
  linkSync,
  realpathSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
} from 'node:fs';
import { isatty } from 'node:tty';
import { createPrivateFile } from '#files/private-files.ts';
import { requireRegular } from '#files/regular-file.ts';
import { showLines } from '#shared/bytes/text.ts';
import { standardOutput, standardOutputFd, writeAll } from './standard-streams.ts';

/** Text is encoded when it has this many UTF-16 units (joined strings cost more the longer they are) … */
const encodeUnits = 16 * 1_024;
/** … and written when there are this many bytes of it. */
const gatherBytes = 512 * 1_024;

/**
 * A file that comes into being whole or not at all: written under another name beside its own, renamed when it is
 * done. A path that leads to something other than a regular file (a pipe, a device) is refused as `requireRegular` does.
 * Only `standardOutput` is written to directly. What `node:fs` throws is passed to the caller, who then calls `abandon`.
 *
 * A new file has the mode 0600: it contains what was recorded. One that replaces a file of the same user keeps that file's
 * mode, because the user chose who may read it.
 */
export class TargetFile {
  readonly #fd: number;
  readonly #path: string;
  readonly #temporary: string | undefined;
  readonly #isNew: boolean;
  /** The file that is replaced. */
  readonly #known: Stats | undefined;
  /** The target is a terminal: binary formats are not printed on it, and control characters are inert. */
  #isTerminal = false;
  readonly #gathered = Buffer.allocUnsafe(gatherBytes);
  #gatheredLength = 0;
  #text = '';
  #open = true;
  #bytes = 0;

  /** `new`: a file that is there is not replaced, which fails as `EEXIST`. */
  constructor(path: string, mode: 'new' | 'replace' = 'replace') {
    this.#isNew = mode === 'new';
    if (path === standardOutput) {
      this.#path = path;
      this.#temporary = undefined;
      this.#fd = standardOutputFd;
      this.#isTerminal = isatty(this.#fd);
      return;
    }
    const known = statSync(path, { throwIfNoEntry: false });
    this.#known = known;
    if (known) requireRegular(known);
    if (known && this.#isNew) throw existsError();
    // A link is followed, so that the file it leads to is what is replaced.
    this.#path = known ? realpathSync(path) : path;
    this.#temporary = `${this.#path}.${randomBytes(4).toString('hex')}.part`;
    this.#fd = createPrivateFile(this.#temporary);
  }

  /** True for a terminal, which would interpret bytes that are not text. */
  get isTerminal(): boolean {
    return this.#isTerminal;
  }

  /** Bytes written. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Returns the temporary path of the file, for a library that writes to a path. Fails where the target is not a regular file.
   */
  writtenPath(): string {
    if (this.#temporary !== undefined) return this.#temporary;
    throw Object.assign(new Error('ESPIPE: the target cannot be written in any order, open'), {
      code: 'ESPIPE',
      syscall: 'open',
    });
  }

  /** Adds a few bytes, which are copied; gives true where that was a time to write. */
  add(bytes: Uint8Array): boolean {
    this.#encode();
    const fits = this.#gatheredLength + bytes.length <= gatherBytes;
    if (!fits) this.#writeText();
    if (bytes.length > gatherBytes) {
      this.#write(bytes);
    } else {
      this.#gathered.set(bytes, this.#gatheredLength);
      this.#gatheredLength += bytes.length;
    }
    return !fits;
  }

  /** Adds `text` in UTF-8; gives true where that was a time to write. Gathers short texts: a call each would cost. */
  addText(text: string): boolean {
    this.#text += this.#isTerminal ? showLines(text) : text;
    return this.#text.length >= encodeUnits && this.#encode();
  }

  write(bytes: Uint8Array): void {
    this.#writeText();
    this.#write(bytes);
  }

  #writeText(): void {
    this.#encode();
    this.#write(this.#gathered.subarray(0, this.#gatheredLength));
    this.#gatheredLength = 0;
  }

  /** Encodes the text that waits; gives true where it wrote. */
  #encode(): boolean {
    const text = this.#text;
    this.#text = '';
    // A UTF-16 unit takes at most three bytes in UTF-8.
    const fits = this.#gatheredLength + text.length * 3 <= gatherBytes;
    if (fits) {
      this.#gatheredLength += this.#gathered.write(text, this.#gatheredLength);
      return false;
    }
    const bytes = Buffer.from(text);
    this.#writeText();
    this.#write(bytes);
    return true;
  }

  #write(bytes: Uint8Array): void {
    writeAll(this.#fd, bytes);
    this.#bytes += bytes.length;
  }

  /** Brings the file to the disk and gives it its name. */
  finish(): void {
    this.#writeText();
    if (this.#temporary) {
      fsyncSync(this.#fd);
      this.#bytes = fstatSync(this.#fd).size;
      this.#keepMode();
    }
    this.#close();
    if (this.#temporary === undefined) return;
    if (this.#isNew) nameNewFile(this.#temporary, this.#path);
    else renameSync(this.#temporary, this.#path);
  }

  /** Another user's file says nothing about who may read ours, and permissions of another group not about our group. */
  #keepMode(): void {
    const [old, own] = [this.#known, fstatSync(this.#fd)];
    if (old === undefined || old.uid !== own.uid) return;
    const kept = old.mode & (old.gid === own.gid ? 0o777 : 0o707);
    if (kept !== (own.mode & 0o777)) fchmodSync(this.#fd, kept);
  }

  /** Removes what was written. */
  abandon(): void {
    this.#close();
    if (this.#temporary === undefined) return;
    try {
      unlinkSync(this.#temporary);
    } catch {
      // It was never made, or has its name already.
    }
  }

  #close(): void {
    if (this.#open && this.#fd !== standardOutputFd) closeSync(this.#fd);
    this.#open = false;
  }
}

/**
 * Renames the complete file at `part` to `path`, but never replaces an existing file. Throws what `node:fs`
 * throws, `EEXIST` if the file exists.
 */
export function nameNewFile(part: string, path: string): void {
  try {
    linkSync(part, path);
  } catch (error) {
    if (existsSync(path)) throw existsError();
    // Some file systems do not support links.
    try {
      renameSync(part, path);
    } catch {
      throw error;
    }
    return;
  }
  unlinkSync(part);
}

/** Returns the error that `open` throws for a file that exists and must not. */
function existsError(): Error {
  return Object.assign(new Error('EEXIST: file already exists'), { code: 'EEXIST', syscall: 'open' });
}
