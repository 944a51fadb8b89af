import { encodeUtf8 } from '../../bytes/text.ts';

/*
 * Blocks of a pcapng file (draft-ietf-opsawg-pcapng), little-endian. A block is its type, its length, a body, options and its length again,
 * all padded to four bytes.
 */

export const blockCodes = { section: 0x0a0d0d0a, interface: 1, packet: 6 } as const;
export const optionCodes = { end: 0, comment: 1, userApplication: 4, name: 2, description: 3, resolution: 9 } as const;
/** Packets begin with an IPv4 or IPv6 header (LINKTYPE_RAW). */
const rawLinkType = 101;
const byteOrderMagic = 0x1a2b3c4d;
/** Microseconds: ten to the minus sixth. */
const microseconds = Uint8Array.of(6);
/** Maximum length of the value of an option. */
const maxOptionBytes = 65_535;
const noBytes = new Uint8Array(0);

export interface Option {
  readonly code: number;
  readonly value: Uint8Array;
}

/** Creates a text option. It ends at a NUL, and a text that is too long is truncated between characters. */
export function textOption(code: number, text: string): Option {
  const clean = text.replaceAll('\0', '\u2400');
  const value = encodeUtf8(clean);
  if (value.length <= maxOptionBytes) return { code, value };
  let end = maxOptionBytes;
  while (end > 0 && ((value[end] as number) & 0xc0) === 0x80) end -= 1;
  return { code, value: value.subarray(0, end) };
}

/** Returns the size of `options` with their end mark, in bytes; 0 without options. */
export function optionsSize(options: readonly Option[]): number {
  if (options.length === 0) return 0;
  return options.reduce((sum, { value }) => sum + 4 + padded4(value.length), 4);
}

/** Writes `options` at `at`; returns the offset after them. */
export function writeOptions(bytes: Uint8Array, view: DataView, at: number, options: readonly Option[]): number {
  if (options.length === 0) return at;
  for (const { code, value } of options) {
    view.setUint16(at, code, true);
    view.setUint16(at + 2, value.length, true);
    bytes.set(value, at + 4);
    const end = at + 4 + value.length;
    at += 4 + padded4(value.length);
    bytes.fill(0, end, at);
  }
  view.setUint32(at, 0, true);
  return at + 4;
}

/** Returns the block that begins a file. */
export function sectionBlock(options: readonly Option[]): Uint8Array {
  const body = new Uint8Array(16);
  const view = new DataView(body.buffer);
  view.setUint32(0, byteOrderMagic, true);
  view.setUint16(4, 1, true);
  // The length of the section is not known while it is written.
  view.setBigInt64(8, -1n, true);
  return block(blockCodes.section, body, options);
}

/** Returns the block that describes one interface. Interfaces are numbered from 0 in the order of these blocks. */
export function interfaceBlock(name: string, description: string): Uint8Array {
  const body = new Uint8Array(8);
  new DataView(body.buffer).setUint16(0, rawLinkType, true);
  const options = [textOption(optionCodes.name, name)];
  if (description !== '') options.push(textOption(optionCodes.description, description));
  options.push({ code: optionCodes.resolution, value: microseconds });
  return block(blockCodes.interface, body, options);
}

export function padded4(length: number): number {
  return (length + 3) & ~3;
}

function block(type: number, body: Uint8Array, options: readonly Option[]): Uint8Array {
  const size = 12 + body.length + optionsSize(options);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, size, true);
  bytes.set(body, 8);
  const end = writeOptions(bytes, view, 8 + body.length, options);
  view.setUint32(end, size, true);
  return bytes;
}

export const comment = (text: string): Option => textOption(optionCodes.comment, text);
export { noBytes };
