import type { ImportReader } from '../importing.ts';
import { jsonl } from './jsonl.ts';
import { pcap } from './pcap.ts';
import { pcapng } from './pcapng.ts';

/** The reader of each import format, in the order in which a file is tested for them. */
export const importReaders: readonly ImportReader[] = [pcapng, pcap, jsonl];
