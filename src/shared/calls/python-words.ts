import type { SocketInfo } from '../record/record.ts';
import { parseHostPort } from '../socket/address.ts';
import type { Address } from '../socket/event.ts';

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

/** The variable that a program has a socket in: by what the socket is to it. */
export function variableOf(info: SocketInfo | undefined): string {
  if (info?.role === 'listener') return 'server_socket';
  if (info?.role !== 'accepted') return 'client_socket';
  // UDP accepts nothing: one socket serves every peer.
  if (info.transport === 'udp') return info.unconnected === true ? 'client_socket' : 'server_socket';
  return 'connection';
}

/** What Wirebench offers a read unless it is told differently. */
const usualBuffer = 65_536;

/** The recv() that returned `length` bytes, with a buffer that holds them. */
export function receive(socket: string, length: number): string {
  let size = usualBuffer;
  while (size < length) size *= 2;
  return `${socket}.recv(${size})`;
}

/** A number of bytes in words. */
export function bytesText(length: number): string {
  return length === 1 ? '1 byte' : `${length} bytes`;
}
