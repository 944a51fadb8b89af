import { closeSync, fstatSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { openFileSync } from '#files/regular-file.ts';
import { readSome, standardInput, standardInputFd } from '../export/standard-streams.ts';

/** A regular file or `standardInput`, read from its start to its end. What `openFileSync` throws comes through. */
export class SourceFile {
  /** Bytes of the file; 0 where that is not known, of a pipe at the standard input say. */
  readonly size: number;
  readonly #fd: number;

  constructor(path: string) {
    this.#fd = path === standardInput ? standardInputFd : openFileSync(path);
    const stat = fstatSync(this.#fd);
    this.size = stat.isFile() ? stat.size : 0;
  }

  /** Fills the start of `into`; gives with how many bytes, 0 at the end. */
  read(into: Uint8Array): number {
    return readSome(this.#fd, into);
  }

  close(): void {
    if (this.#fd !== standardInputFd) closeSync(this.#fd);
  }
}

/** What a file is called without its folder and its ending, of a compressed one (`.pcap.gz`) without both. */
export function sourceName(path: string): string {
  const name = basename(path, '.gz');
  return basename(name, extname(name));
}
