import { savePcapng } from '../pcapng.ts';
import { type ExportWriter, run } from './export-writer.ts';

const headerBytes = 512;
/** Of the blocks and headers of one packet. */
const packetOverhead = 78;
/** The payload of one TCP packet; after each 16 packets there is an acknowledgement of 72 bytes. */
const packetBytes = 65_495;
const acknowledgementShare = 72 / 16;

export const pcapng: ExportWriter = {
  write: (source, target, job) => run(savePcapng(source, target), job),
  size: ({ records, bytesIn, bytesOut }) =>
    headerBytes +
    records * (packetOverhead + acknowledgementShare) +
    (bytesIn + bytesOut) * (1 + packetOverhead / packetBytes),
};
