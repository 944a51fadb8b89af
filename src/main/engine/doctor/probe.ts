import net from 'node:net';
import tls from 'node:tls';
import type { Address } from '#shared/socket/address.ts';

/** The maximum number of bytes of a greeting: a peer may send without end. */
const maxGreeting = 1_024;

/** Connects and closes immediately. Returns an empty string on success, else the errno; `ETIMEDOUT` after `timeoutMs`. */
export function tryAddress(address: Address, timeoutMs: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = net.connect(targetOf(address));
    const settle = (answer: string) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => settle('ETIMEDOUT'), timeoutMs);
    socket.once('connect', () => settle(''));
    socket.on('error', (error: NodeJS.ErrnoException) => settle(error.code ?? 'UNKNOWN'));
  });
}

/**
 * Connects, sends nothing, and returns the first bytes that the server sends within `timeoutMs`: a maximum of 1 KiB. Empty
 * where it sends nothing, `undefined` where it cannot be reached.
 */
export function greetingOf(address: Address, timeoutMs: number): Promise<Uint8Array | undefined> {
  return new Promise((resolve) => {
    const socket = net.connect(targetOf(address));
    let connected = false;
    const settle = (bytes: Uint8Array) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(connected ? bytes : undefined);
    };
    const timer = setTimeout(() => settle(new Uint8Array()), timeoutMs);
    socket.once('connect', () => {
      connected = true;
    });
    socket.once('data', (chunk: Buffer) => settle(chunk.subarray(0, maxGreeting)));
    socket.once('end', () => settle(new Uint8Array()));
    socket.on('error', () => settle(new Uint8Array()));
  });
}

/**
 * Returns true where a server answers a TLS handshake with TLS; an alert counts as an answer. The certificate is not
 * checked, because nothing is sent after the handshake.
 */
export function answersTls(address: Address, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = tls.connect({ ...targetOf(address), rejectUnauthorized: false });
    const settle = (answer: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => settle(false), timeoutMs);
    socket.once('secureConnect', () => settle(true));
    socket.once('end', () => settle(false));
    socket.on('error', (error: NodeJS.ErrnoException) => settle(/ALERT/.test(error.code ?? '')));
  });
}

function targetOf({ host, port, family }: Address): { path: string } | { host: string; port: number } {
  return family === 'local' ? { path: host } : { host, port };
}
