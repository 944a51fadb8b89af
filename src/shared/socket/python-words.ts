import { parseHostPort } from './address.ts';
import type { Address } from './event.ts';

/** One call of the Berkeley interface as a Python program would make it, and what it does. */
export interface ExplainedCall {
  readonly call: string;
  readonly explains: string;
}

/** An address as Python writes it: `('127.0.0.1', 12345)`. */
export function tuple(address: Address): string {
  if (address.family === 'local') return quote(address.host);
  return `(${quote(address.host)}, ${address.port})`;
}

/** A Python string literal. */
export function quote(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&').replace(/[\u0000-\u001f\u007f]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`)}'`;
}

/** The address that `text` spells, `address:port`. */
export function addressOf(text: string): Address {
  const { host, port } = parseHostPort(text) ?? { host: text, port: 0 };
  return { host, port, family: host.includes(':') ? 6 : 4 };
}

/** A number of bytes in words. */
export function bytesText(length: number): string {
  return length === 1 ? '1 byte' : `${length} bytes`;
}
