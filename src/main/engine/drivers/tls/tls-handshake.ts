import type net from 'node:net';
import type tls from 'node:tls';
import type { CallFailure } from '../call-failure.ts';
import type { HandshakeOptions } from '../driver.ts';
import { tlsFailure } from './tls-failure.ts';

interface Handshaking {
  readonly socket: tls.TLSSocket;
  /** The event that tells that it is done. */
  readonly done: 'secureConnect' | 'secure';
}

const closedEarly = 'the peer closed the connection during the TLS handshake';

/**
 * Lets `start` begin a handshake over `carrier` and waits for its end: done, failed, out of time (`ETIMEDOUT`), called off
 * (`ECANCELED`) or hung up on (`ECONNRESET`). After a failure the carrier is destroyed. `startedAt` is the time of
 * `performance.now()` from which `timeoutMs` counts.
 */
export function shakeHands(
  carrier: net.Socket,
  { timeoutMs, signal }: HandshakeOptions,
  startedAt: number,
  start: () => Handshaking,
): Promise<tls.TLSSocket | CallFailure> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve(givenUp(carrier, { call: 'handshake', errno: 'ECANCELED' }));
      return;
    }
    if (carrier.destroyed || carrier.readableEnded) {
      resolve(givenUp(carrier, { call: 'handshake', errno: 'ECONNRESET', text: closedEarly }));
      return;
    }
    const { socket, done } = start();
    // A TLSSocket tells of an error in what came after the handshake and goes on; that of a server not even as `error`.
    const end = (error: Error) => socket.destroy(error);
    socket.on('error', end).on('_tlsError', end);
    const settle = (failure: CallFailure | undefined) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      carrier.off('end', hungUp);
      socket.off(done, finish).off('end', hungUp).off('close', hungUp).off('error', fail);
      if (!failure) {
        resolve(socket);
        return;
      }
      socket.destroy();
      resolve(givenUp(carrier, failure));
    };
    const finish = () => settle(undefined);
    const fail = (error: NodeJS.ErrnoException) => settle(failureOf(error));
    const hungUp = () => settle({ call: 'handshake', errno: 'ECONNRESET', text: closedEarly });
    const abort = () => settle({ call: 'handshake', errno: 'ECANCELED' });
    const late = () => {
      const text = `the TLS handshake was not done within ${timeoutMs} ms`;
      settle({ call: 'handshake', errno: 'ETIMEDOUT', text });
    };
    const timer = setTimeout(late, Math.max(0, timeoutMs - (performance.now() - startedAt)));
    signal.addEventListener('abort', abort);
    // What ended before TLS took over reading is told on the carrier.
    carrier.on('end', hungUp);
    socket.on(done, finish).on('end', hungUp).on('close', hungUp).on('error', fail);
  });
}

/** `failure`, with the carrier of no more use. */
export function givenUp(carrier: net.Socket, failure: CallFailure): CallFailure {
  carrier.destroy();
  return failure;
}

function failureOf(error: NodeJS.ErrnoException): CallFailure {
  const failure = { ...tlsFailure(error, 'handshake'), call: 'handshake' } as const;
  return failure.text === undefined && failure.errno === 'ECONNRESET' ? { ...failure, text: closedEarly } : failure;
}
