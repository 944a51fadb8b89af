import type { ByteReader } from './byte-reader.ts';
import { type CaptureEnd, maxPacketBytes, microsecondMagic, nanosecondMagic, type PacketReader } from './packet.ts';

const fileHeader = 24;
const packetHeader = 16;

/**
 * Reads a pcap file (https://datatracker.ietf.org/doc/draft-ietf-opsawg-pcap/), of either byte order, with times in
 * microseconds or nanoseconds.
 */
export function* readPcap(reader: ByteReader): PacketReader {
  const header = reader.take(fileHeader);
  if (header.length < fileHeader) return end('the file header is truncated');
  const headerView = viewOf(header);
  const magic = headerView.getUint32(0);
  const little = magic !== microsecondMagic && magic !== nanosecondMagic;
  const perSecond = headerView.getUint32(0, little) === nanosecondMagic ? 1e9 : 1e6;
  // The upper bits give the length of frame check sequences, which the lengths of packets make unnecessary.
  const linkType = headerView.getUint32(20, little) & 0xffff;
  for (;;) {
    const position = reader.position;
    const head = reader.take(packetHeader);
    if (head.length === 0) return end('');
    if (head.length < packetHeader) return end(`the packet at byte ${position} is truncated`);
    const view = viewOf(head);
    const seconds = view.getUint32(0, little);
    const fraction = view.getUint32(4, little);
    const length = view.getUint32(8, little);
    const originalLength = Math.max(length, view.getUint32(12, little));
    if (length > maxPacketBytes) return end(`the packet at byte ${position} claims ${length} bytes`);
    const data = reader.take(length);
    if (data.length < length) return end(`the packet at byte ${position} is truncated`);
    const at = seconds * 1_000 + (fraction / perSecond) * 1_000;
    yield { at, linkType, data, originalLength, comments: [], writer: '', interfaceName: '' };
  }
}

function end(truncated: string): CaptureEnd {
  return { truncated, damaged: 0, dropped: 0, untimed: 0 };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
