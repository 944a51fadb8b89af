import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** True where `program` could be run and did what it was asked for. */
function done(program: string, args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/**
 * A folder on a disk that is nearly full (Linux): a separate file system where this process may mount one; elsewhere a
 * limit on how long the files of this process may grow, which is met in the same way. `using` takes it away.
 */
export class SmallDisk implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'wirebench-disk-'));
  /** What the system says when the disk is full. */
  readonly errno: 'ENOSPC' | 'EFBIG';
  readonly #filler = join(this.path, 'filler');

  /** `room` bytes can be written before it is full, `total` after `free`. */
  constructor(room: number, total: number) {
    const mounted = done('mount', ['-t', 'tmpfs', '-o', `size=${total}`, 'wirebench-test', this.path]);
    this.errno = mounted ? 'ENOSPC' : 'EFBIG';
    if (mounted) writeFileSync(this.#filler, new Uint8Array(total - room));
    else this.#limit(String(room));
  }

  file(name: string): string {
    return join(this.path, name);
  }

  /** Makes room. */
  free(): void {
    if (this.errno === 'ENOSPC') rmSync(this.#filler, { force: true });
    else this.#limit('unlimited');
  }

  #limit(bytes: string): void {
    execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:`]);
  }

  [Symbol.dispose](): void {
    if (this.errno === 'ENOSPC') execFileSync('umount', ['--lazy', this.path]);
    else this.#limit('unlimited');
    rmSync(this.path, { recursive: true });
  }
}

/** The user that owns nothing. */
const nobody = 65_534;

/** A folder with the files given in which nothing can be made or changed, by nobody. `using` takes it away. */
export class ReadOnlyFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'wirebench-read-only-'));
  /** What the system says of a file that is made there. */
  readonly errno: 'EROFS' | 'EACCES';
  readonly #mounted: boolean;

  constructor(files: Readonly<Record<string, Uint8Array>> = {}) {
    // To root permissions mean nothing; to others a mount is refused. A root that may not mount becomes another for it.
    this.#mounted = done('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'wirebench-test', this.path]);
    this.errno = this.#mounted ? 'EROFS' : 'EACCES';
    for (const [name, bytes] of Object.entries(files)) writeFileSync(this.file(name), bytes, { mode: 0o444 });
    if (this.#mounted) execFileSync('mount', ['-o', 'remount,ro', this.path]);
    else chmodSync(this.path, 0o555);
    if (!this.#mounted && process.getuid?.() === 0) process.seteuid?.(nobody);
  }

  file(name: string): string {
    return join(this.path, name);
  }

  [Symbol.dispose](): void {
    if (process.getuid?.() === 0) process.seteuid?.(0);
    if (this.#mounted) execFileSync('umount', ['--lazy', this.path]);
    else chmodSync(this.path, 0o755);
    rmSync(this.path, { recursive: true });
  }
}

/** A folder on another file system than the temporary files are on, where there is one. `using` takes it away. */
export class OtherDisk implements Disposable {
  readonly path: string;

  constructor() {
    this.path = mkdtempSync(join('/dev/shm', 'wirebench-'));
    mkdirSync(join(this.path, 'sessions'));
  }

  file(name: string): string {
    return join(this.path, 'sessions', name);
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true });
  }
}
