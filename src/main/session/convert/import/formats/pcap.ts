import { captureKind } from '#shared/pcap/reading/packet.ts';
import { readPcap } from '#shared/pcap/reading/pcap.ts';
import { importCapture } from '../import-capture.ts';
import type { ImportReader } from '../importing.ts';

export const pcap: ImportReader = {
  kind: 'pcap',
  detects: (start) => captureKind(start) === 'pcap',
  read: (source, target) => importCapture(readPcap(source.reader), source, target),
};
