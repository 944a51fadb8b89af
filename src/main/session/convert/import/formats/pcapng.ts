import { captureKind } from '#shared/pcap/reading/packet.ts';
import { readPcapng } from '#shared/pcap/reading/pcapng.ts';
import { importCapture } from '../import-capture.ts';
import type { ImportReader } from '../importing.ts';

export const pcapng: ImportReader = {
  kind: 'pcapng',
  detects: (start) => captureKind(start) === 'pcapng',
  read: (source, target) => importCapture(readPcapng(source.reader), source, target),
};
