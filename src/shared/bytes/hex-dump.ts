import { toHex } from './hex.ts';

const rowBytes = 16;

/** Formats `bytes` as lines of offset, sixteen bytes in hex, and printable ASCII, with a dot for every other byte. */
export function hexDump(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += rowBytes) {
    const row = bytes.subarray(at, at + rowBytes);
    const ascii = Array.from(row, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')).join('');
    lines.push(`${at.toString(16).padStart(4, '0')}  ${toHex(row, ' ').padEnd(rowBytes * 3 - 1)}  ${ascii}`);
  }
  return lines.join('\n');
}
