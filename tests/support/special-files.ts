import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a path may lead to instead of a regular file; an open() of the first one waits forever. */
export const specialFiles = ['fifo', '/dev/zero', '/dev/full', '/dev/null', '/dev/tty', 'socket', 'folder'] as const;
export type SpecialFile = (typeof specialFiles)[number];

/** A folder with a FIFO that nobody has open, a socket file and a folder. `await using` removes it. */
export class SpecialFiles implements AsyncDisposable {
  readonly path = mkdtempSync(join(tmpdir(), 'wirebench-special-'));
  readonly #server = createServer();

  static async make(): Promise<SpecialFiles> {
    const files = new SpecialFiles();
    execFileSync('mkfifo', [files.of('fifo')]);
    mkdirSync(files.of('folder'));
    await new Promise<void>((resolve) => files.#server.listen(files.of('socket'), resolve));
    return files;
  }

  /** Returns the path of one of them, or of a file in the folder. */
  of(name: string): string {
    return name.startsWith('/') ? name : join(this.path, name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
    rmSync(this.path, { recursive: true, force: true });
  }
}
