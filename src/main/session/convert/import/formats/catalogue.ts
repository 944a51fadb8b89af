import type { ImportReader } from '../importing.ts';
import { pcap, pcapng } from './capture.ts';
import { jsonl } from './jsonl.ts';

/** The reader of each import format, in the order in which a file is tested for them. */
export const importReaders: readonly ImportReader[] = [pcapng, pcap, jsonl];
