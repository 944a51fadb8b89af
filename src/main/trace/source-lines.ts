import { readRegularFile } from '#files/regular-file.ts';
import { decodeUtf8Lossy } from '#shared/bytes/text.ts';
import type { SourceLine } from '#shared/calls/traced-calls.ts';

/** A source file that is longer is not read: no program has one, and a file that a program names may be anything. */
const maxFileBytes = 4 * 1_048_576;
const maxFiles = 200;
const maxLineLength = 400;

/** The lines of the programs' source files, each file read once. */
export class SourceLines {
  readonly #files = new Map<string, Promise<readonly string[]>>();

  /** Returns the text of a line without its indent; empty where it cannot be read. */
  async textOf({ file, line }: SourceLine): Promise<string> {
    let lines = this.#files.get(file);
    if (!lines && this.#files.size < maxFiles) {
      lines = readLines(file);
      this.#files.set(file, lines);
    }
    return ((await lines)?.[line - 1] ?? '').trim().slice(0, maxLineLength);
  }
}

async function readLines(path: string): Promise<readonly string[]> {
  try {
    return decodeUtf8Lossy(await readRegularFile(path, maxFileBytes)).split(/\r\n|\n|\r/);
  } catch {
    return [];
  }
}
