import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { saved } from '#session/convert/export/save.ts';
import { type Imported, partOf } from '#session/convert/import/import-session.ts';
import { runImport } from '#session/convert/import/run-import.ts';
import type { Reframed } from '#session/convert/reframe/reframe.ts';
import { reframed } from '#session/convert/reframe/reframe.ts';
import { Reader } from '#session/query/reader.ts';
import type { SaveFormat } from '#shared/export/export-formats.ts';
import type { Result } from '#shared/failure.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import type { Row, SocketInfo } from '#shared/record/record.ts';
import { windowAt } from './reader-rows.ts';
import { comparable, type Expected, readAll } from './session-script.ts';

const everything = Number.POSITIVE_INFINITY;
const noJob = { isCancelled: () => false, onProgress: () => undefined };

/** What a session file holds. */
export interface SessionContent {
  readonly rows: readonly Row[];
  readonly records: Expected[];
  readonly sockets: SocketInfo[];
  readonly notice: string;
  readonly marks: { readonly seq: number; readonly bookmarked: boolean; readonly note: string }[];
}

/** A folder for captures and sessions, worked on without threads. */
export class ImportFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'wirebench-'));
  #files = 0;

  file(name: string): string {
    return join(this.path, name);
  }

  get files(): string[] {
    return readdirSync(this.path).sort();
  }

  /** Imports `bytes`; gives where to and how it went. */
  async import(bytes: Uint8Array | string): Promise<{ target: string; result: Result<Imported> }> {
    this.#files += 1;
    const source = this.file(`${this.#files}.source`);
    writeFileSync(source, bytes);
    const target = this.file(`${this.#files}.wirebench`);
    const result = await runImport({ source, target, part: partOf(target), name: 'import', appVersion: 'test' }, noJob);
    return { target, result };
  }

  /** Imports what must be importable. */
  async imported(bytes: Uint8Array | string): Promise<SessionContent & { imported: Imported }> {
    const { target, result } = await this.import(bytes);
    if (!result.ok) throw new Error(`${result.error.message}: ${result.error.system}`);
    return { ...this.read(target), imported: result.value };
  }

  read(path: string): SessionContent {
    const reader = new Reader(path, false);
    try {
      const opened = reader.open(everything);
      if (!opened.ok) throw new Error(opened.error.system);
      while (!reader.scan.finished) reader.scan.run(1_000);
      const records = readAll(reader);
      const marks = records.flatMap((_, seq) => {
        const mark = reader.index.marks.get(seq);
        return mark && (mark.bookmarked || mark.note !== '') ? [mark] : [];
      });
      const { rows } = windowAt(reader, everything, 0, records.length);
      return { records, rows, sockets: [...reader.index.sockets.values()], notice: reader.view().notice, marks };
    } finally {
      reader.close();
    }
  }

  /** Exports the session at `path`. */
  async export(path: string, format: SaveFormat): Promise<string> {
    this.#files += 1;
    const target = this.file(`${this.#files}.${format}`);
    const reader = new Reader(path, false);
    try {
      reader.open(everything);
      const result = await saved(reader, { format, path: target, existing: 'replace', scope: {}, ...noJob });
      if (!result.ok) throw new Error(`${result.error.message}: ${result.error.system}`);
      return target;
    } finally {
      reader.close();
    }
  }

  /** Re-frames the session at `path`, without threads; gives the new path and the result. */
  async reframe(
    path: string,
    framing: FramingSpec,
    sockets?: readonly number[],
  ): Promise<{ target: string; result: Result<Reframed> }> {
    this.#files += 1;
    const target = this.file(`${this.#files}.wirebench`);
    const reader = new Reader(path, false);
    try {
      reader.open(everything);
      const result = await reframed(reader, {
        ...{ path: target, framing, sockets, name: 'reframed', appVersion: 'test' },
        ...noJob,
      });
      return { target, result };
    } finally {
      reader.close();
    }
  }

  /** Re-frames what can be re-framed; gives the new session. */
  async reframed(
    path: string,
    framing: FramingSpec,
    sockets?: readonly number[],
  ): Promise<SessionContent & { reframed: Reframed }> {
    const { target, result } = await this.reframe(path, framing, sockets);
    if (!result.ok) throw new Error(`${result.error.message}: ${result.error.system}`);
    return { ...this.read(target), reframed: result.value };
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true });
  }
}

/** `records` as text, with their times to the microsecond. */
export function withTimes(records: readonly Expected[]): unknown[] {
  const parts = comparable(records) as Record<string, unknown>[];
  return parts.map((part, index) => ({ ...part, at: Math.round((records[index]?.at ?? 0) * 1_000) }));
}

/** The path of a capture of tests/fixtures. */
export const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));

/** The bytes that one side of a socket sent. */
export function streamOf({ records }: SessionContent, socket: number, direction: 'in' | 'out'): Buffer {
  return Buffer.concat(
    records.flatMap((record) => (record.socket === socket && record.kind === direction ? [record.bytes] : [])),
  );
}
