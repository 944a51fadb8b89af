import type { ByteReader } from './byte-reader.ts';
import type { CaptureInterface } from './capture-interface.ts';
import { type CapturedPacket, type CaptureEnd, maxPacketBytes, type PacketReader } from './packet.ts';
import { noComments, readComments, readDropped, readInterface, readWriter } from './pcapng-options.ts';
import { millisecondsOf } from './pcapng-time.ts';

/** Block types of pcapng (https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-03.html, section 4). */
const blocks = { section: 0x0a0d0d0a, interface: 1, oldPacket: 2, simplePacket: 3, statistics: 5, packet: 6 } as const;
const byteOrderMagic = 0x1a2b3c4d;
/** Type, length and length again. */
const frame = 12;
/** A longer block is not read; one that is skipped may have any length. */
const maxBlock = maxPacketBytes + 1_048_576;
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
  let section: Section | undefined;
  let lastAt = 0;
  const end = { truncated: '', damaged: 0, dropped: 0, untimed: 0 };
  const finish = (truncated: string): CaptureEnd => ({ ...end, truncated, dropped: end.dropped + droppedOf(section) });
  for (;;) {
    const position = reader.position;
    const head = reader.peek(frame);
    if (head.length === 0) return finish('');
    if (head.length < frame) return finish(`the block at byte ${position} is truncated`);
    const view = viewOf(head);
    if (view.getUint32(0) === blocks.section) {
      const little = view.getUint32(8, true) === byteOrderMagic;
      if (!little && view.getUint32(8) !== byteOrderMagic)
        return finish(`the section at byte ${position} has no byte order`);
      end.dropped += droppedOf(section);
      section = { little, writer: '', interfaces: [] };
    }
    if (section === undefined) return finish('it does not begin with a section header');
    const { little } = section;
    const type = view.getUint32(0, little);
    const length = view.getUint32(4, little);
    if (length < frame || length % 4 !== 0) return finish(`the block at byte ${position} claims ${length} bytes`);
    if (!known.has(type)) {
      if (!reader.skip(length)) return finish(`the block at byte ${position} is truncated`);
      continue;
    }
    if (length > maxBlock) return finish(`the block at byte ${position} claims ${length} bytes`);
    const block = reader.take(length);
    if (block.length < length) return finish(`the block at byte ${position} is truncated`);
    const body = viewOf(block.subarray(8, length - 4));
    if (viewOf(block).getUint32(length - 4, little) !== length)
      return finish(`the two lengths of the block at byte ${position} differ`);
    if (type === blocks.section) {
      section = { ...section, writer: readWriter(body, little) };
    } else if (type === blocks.interface) {
      const found = section.interfaces.length < maxInterfaces ? readInterface(body, little) : undefined;
      if (found === undefined) return finish(`the interface at byte ${position} is damaged`);
      section.interfaces.push(found);
    } else if (type === blocks.statistics) {
      noteDrops(section, body);
    } else {
      const packet = packetOf(type, body, section, lastAt);
      if (packet === undefined) {
        end.damaged += 1;
        continue;
      }
      lastAt = packet.at;
      if (type === blocks.simplePacket) end.untimed += 1;
      yield packet;
    }
  }
}

const known = new Set<number>(Object.values(blocks));

function packetOf(type: number, body: DataView, section: Section, lastAt: number): CapturedPacket | undefined {
  const { little, interfaces, writer } = section;
  if (type === blocks.simplePacket) {
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
  const on = interfaces[type === blocks.packet ? body.getUint32(0, little) : body.getUint16(0, little)];
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

function droppedOf(section: Section | undefined): number {
  return section?.interfaces.reduce((sum, { dropped }) => sum + dropped, 0) ?? 0;
}

function bytesOf(view: DataView, at: number, length: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + at, length);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
