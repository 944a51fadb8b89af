import { type Address, parseHostPort } from './address.ts';
import type { SocketFacts } from './state.ts';

/** One call of the Berkeley interface as a Python program would make it, and what it does. */
export interface ExplainedCall {
  readonly call: string;
  readonly explains: string;
}

/** Returns an address in Python's notation: `('127.0.0.1', 12345)`. */
export function tuple(address: Address): string {
  if (address.family === 'local') return quote(address.host);
  return `(${quote(address.host)}, ${address.port})`;
}

/** Returns `text` as a Python string literal. */
export function quote(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&').replace(/[\u0000-\u001f\u007f]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`)}'`;
}

/** Returns the address that `text` (`address:port`) stands for. */
export function addressOf(text: string): Address {
  const { host, port } = parseHostPort(text) ?? { host: text, port: 0 };
  return { host, port, family: host.includes(':') ? 6 : 4 };
}

/** Returns the name of the variable in which a program keeps a socket of this role. */
export function variableOf(info: SocketFacts | undefined): string {
  if (info?.role === 'listener') return 'server_socket';
  if (info?.role !== 'accepted') return 'client_socket';
  // UDP accepts nothing: one socket serves every peer.
  if (info.transport === 'udp') return info.unconnected === true ? 'client_socket' : 'server_socket';
  return 'connection';
}

/** The size of Wirebench's receive buffer by default. */
const usualBuffer = 65_536;

/** Returns the recv() that returned `length` bytes, with a buffer that is large enough. */
export function receive(socket: string, length: number): string {
  let size = usualBuffer;
  while (size < length) size *= 2;
  return `${socket}.recv(${size})`;
}

/** Returns a number of bytes with its unit: `1 byte`, `2 bytes`. */
export function bytesText(length: number): string {
  return length === 1 ? '1 byte' : `${length} bytes`;
}

/** The call that creates a socket for `address`. */
export function creationCall(address: Address, info: SocketFacts | undefined): ExplainedCall {
  const socket = variableOf(info);
  const isUdp = info?.transport === 'udp';
  const type = isUdp ? 'SOCK_DGRAM' : 'SOCK_STREAM';
  if (address.family === 'local') {
    return {
      call: `${socket} = socket.socket(socket.AF_UNIX, socket.${type})`,
      explains: 'Creates a local socket: its address is a path on this machine.',
    };
  }
  return {
    call: `${socket} = socket.socket(socket.${address.family === 6 ? 'AF_INET6' : 'AF_INET'}, socket.${type})`,
    explains: `Creates a ${isUdp ? 'UDP' : 'TCP'} socket for IPv${address.family}.`,
  };
}

/** The call that binds a socket to `address`. */
export function bindCall(address: Address, info: SocketFacts | undefined): ExplainedCall {
  return {
    call: `${variableOf(info)}.bind(${tuple(address)})`,
    explains:
      address.family === 'local'
        ? 'Creates the path to which clients connect.'
        : 'Reserves this address and port for the socket.',
  };
}
