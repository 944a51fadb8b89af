import type { ImportKind } from '#shared/export/import-formats.ts';
import type { ByteReader } from '#shared/pcap/reading/byte-reader.ts';
import type { Progress } from '../../slices.ts';
import type { SessionTarget } from './session-target.ts';

/** The result of an import: the number of sockets, and in `notice` what could not be imported. */
export interface Taken {
  readonly sockets: number;
  readonly notice: string;
}

/** Each `yield` is a place to pause or stop, and has the position in the source. */
export type Importing = Generator<Progress, Taken>;

/** A source and its reader. */
export interface ImportSource {
  readonly reader: ByteReader;
  /** In bytes; 0 where it is unknown. */
  readonly size: number;
  /** Parts that are missing before it is read, in sentences; usually empty. */
  readonly notice: string;
}

/** Reads one import format. */
export interface ImportReader {
  readonly kind: ImportKind;
  /** Returns true where a file that begins with `start` (64 KiB, or all of it) has this format. */
  detects(start: Uint8Array): boolean;
  /** Records the contents of `source`. */
  read(source: ImportSource, target: SessionTarget): Importing;
}
