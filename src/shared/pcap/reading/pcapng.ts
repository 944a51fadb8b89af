import type { ByteReader } from './byte-reader.ts';
import type { CaptureInterface } from './capture-interface.ts';
import type { CapturedPacket, PacketReader } from './packet.ts';
import { blockTypes, PcapngBlocks } from './pcapng-blocks.ts';
import { noComments, readComments, readDropped, readInterface, readWriter } from './pcapng-options.ts';
import { millisecondsOf } from './pcapng-time.ts';

const maxInterfaces = 65_536;

interface Section {
  readonly little: boolean;
  readonly writer: string;
  readonly interfaces: CaptureInterface[];
}

/**
 * Reads a pcapng file: several sections of either byte order, several interfaces, enhanced, simple and the obsolete packet blocks. Skips
 * unknown blocks.
 */
export function* readPcapng(reader: ByteReader): PacketReader {
  const blocks = new PcapngBlocks(reader);
  let section: Section = { little: false, writer: '', interfaces: [] };
  let lastAt = 0;
  let truncated = '';
  const counts = { damaged: 0, dropped: 0, untimed: 0 };
  while (truncated === '' && blocks.next()) {
    const { type, body, little } = blocks;
    if (type === blockTypes.section) {
      counts.dropped += droppedOf(section);
      section = { little, writer: readWriter(body, little), interfaces: [] };
    } else if (type === blockTypes.interface) {
      if (!addInterface(section, body)) truncated = `the interface at byte ${blocks.position} is damaged`;
    } else if (type === blockTypes.statistics) {
      noteDrops(section, body);
    } else {
      const packet = packetOf(type, body, section, lastAt);
      if (packet === undefined) {
        counts.damaged += 1;
        continue;
      }
      lastAt = packet.at;
      if (type === blockTypes.simplePacket) counts.untimed += 1;
      yield packet;
    }
  }
  counts.dropped += droppedOf(section);
  return { ...counts, truncated: truncated || blocks.problem };
}

/** Adds an interface to its section. Returns false if it is damaged, or if the section has too many. */
function addInterface({ interfaces, little }: Section, body: DataView): boolean {
  const found = interfaces.length < maxInterfaces ? readInterface(body, little) : undefined;
  if (found === undefined) return false;
  interfaces.push(found);
  return true;
}

function packetOf(type: number, body: DataView, section: Section, lastAt: number): CapturedPacket | undefined {
  const { little, interfaces, writer } = section;
  if (type === blockTypes.simplePacket) {
    const on = interfaces[0];
    if (on === undefined || body.byteLength < 4) return undefined;
    const originalLength = body.getUint32(0, little);
    const limit = on.snapLength === 0 ? originalLength : Math.min(on.snapLength, originalLength);
    if (limit > body.byteLength - 4) return undefined;
    const data = bytesOf(body, 4, limit);
    // Simple packets have no time: they were captured after the previous one.
    return packet(on, lastAt, data, originalLength, noComments, writer);
  }
  if (body.byteLength < 20) return undefined;
  const on = interfaces[type === blockTypes.packet ? body.getUint32(0, little) : body.getUint16(0, little)];
  const length = body.getUint32(12, little);
  if (on === undefined || length > body.byteLength - 20) return undefined;
  const at = millisecondsOf(on.clock, body.getUint32(4, little), body.getUint32(8, little));
  const originalLength = Math.max(length, body.getUint32(16, little));
  const comments = readComments(body, 20 + Math.ceil(length / 4) * 4, little);
  return packet(on, at, bytesOf(body, 20, length), originalLength, comments, writer);
}

function packet(
  { linkType, name: interfaceName }: CaptureInterface,
  at: number,
  data: Uint8Array,
  originalLength: number,
  comments: readonly string[],
  writer: string,
): CapturedPacket {
  return { at, linkType, data, originalLength, comments, writer, interfaceName };
}

function noteDrops({ little, interfaces }: Section, body: DataView): void {
  const on = body.byteLength < 12 ? undefined : interfaces[body.getUint32(0, little)];
  if (on) on.dropped = readDropped(body, little) ?? on.dropped;
}

function droppedOf({ interfaces }: Section): number {
  return interfaces.reduce((sum, { dropped }) => sum + dropped, 0);
}

function bytesOf(view: DataView, at: number, length: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + at, length);
}
