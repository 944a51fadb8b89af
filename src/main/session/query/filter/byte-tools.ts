import { isUtf8 } from 'node:buffer';
import type { ByteTools } from '#shared/filter/byte-search.ts';

/** The byte operations for filters, with Node's Buffer: they accept any `Uint8Array` without a copy. */
export const nodeByteTools: ByteTools = {
  indexOf: (bytes, needle, from = 0) => Buffer.prototype.indexOf.call(bytes, needle, from),
  decode: (bytes) => (isUtf8(bytes) ? Buffer.prototype.utf8Slice.call(bytes, 0, bytes.length) : undefined),
};
