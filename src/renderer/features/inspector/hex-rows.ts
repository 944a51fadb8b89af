import { toHex } from '#shared/bytes/hex.ts';

/** Bytes fetched per call: a multiple of a row. */
export const pageSize = 32 * 1_024;

/** Returns the number of bytes per row that fit in `width` pixels: 16, or 8 in a narrow pane. */
export function rowBytesIn(width: number): number {
  return width >= 540 ? 16 : 8;
}

/** Returns the hex of a row in two groups: `48 65 … 2c  20 73 …`. */
export function hexCells(bytes: Uint8Array, rowBytes: number): string {
  const half = rowBytes / 2;
  const left = toHex(bytes.subarray(0, half), ' ').padEnd(half * 3 - 1);
  return `${left}  ${toHex(bytes.subarray(half), ' ')}`.padEnd(rowBytes * 3);
}

/** Returns printable ASCII unchanged, and every other byte as a dot. */
export function asciiCells(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·';
  return text;
}

/** Returns `offset` in hex, padded to `width` digits. */
export function offsetText(offset: number, width: number): string {
  return offset.toString(16).padStart(width, '0');
}

/** Returns the pages that contain rows `[first, first + count)` of `rowBytes` each, in a message of `length` bytes. */
export function pagesOf(first: number, count: number, rowBytes: number, length: number): number[] {
  const last = Math.min((first + count) * rowBytes, length) - 1;
  const pages: number[] = [];
  for (let page = Math.floor((first * rowBytes) / pageSize); page * pageSize <= last; page += 1) pages.push(page);
  return pages;
}
