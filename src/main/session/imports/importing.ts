import type { ByteReader } from '#shared/pcap/reading/byte-reader.ts';
import type { Progress } from '../reading/slices.ts';

/** What an import took and what it could not take. */
export interface Taken {
  readonly sockets: number;
  readonly notice: string;
}

/** Each `yield` is a place to pause or stop, and says how far the source was read. */
export type Importing = Generator<Progress, Taken>;

/** What is read of a source. */
export interface ImportSource {
  readonly reader: ByteReader;
  /** Bytes; 0 where that is not known. */
  readonly size: number;
  /** What is known to be missing of it before it is read, in sentences; mostly empty. */
  readonly notice: string;
}
