import type net from 'node:net';
import type tls from 'node:tls';
import type { SocketCall } from '#shared/socket/terms.ts';
import { type CallFailure, callFailure } from '../../failures.ts';
import type { HandshakeOptions } from '../driver.ts';

interface Handshaking {
  readonly socket: tls.TLSSocket;
  /** The event of a complete handshake. */
  readonly done: 'secureConnect' | 'secure';
}

const closedEarly = 'the peer closed the connection during the TLS handshake';

/**
 * Starts a handshake over `carrier` with `start` and waits for its end: complete, failed, timed out (`ETIMEDOUT`), cancelled
 * (`ECANCELED`) or closed by the peer (`ECONNRESET`). After a failure the carrier is destroyed. `startedAt` is the time of
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
    // A TLSSocket continues after an error in bytes after the handshake; that of a server does not even emit `error`.
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
      const text = `the TLS handshake was not complete within ${timeoutMs} ms`;
      settle({ call: 'handshake', errno: 'ETIMEDOUT', text });
    };
    const timer = setTimeout(late, Math.max(0, timeoutMs - (performance.now() - startedAt)));
    signal.addEventListener('abort', abort);
    // An end before TLS starts reading is emitted on the carrier.
    carrier.on('end', hungUp);
    socket.on(done, finish).on('end', hungUp).on('close', hungUp).on('error', fail);
  });
}

/** Destroys the carrier and returns `failure`. */
export function givenUp(carrier: net.Socket, failure: CallFailure): CallFailure {
  carrier.destroy();
  return failure;
}

function failureOf(error: NodeJS.ErrnoException): CallFailure {
  const failure = { ...tlsFailure(error, 'handshake'), call: 'handshake' } as const;
  return failure.text === undefined && failure.errno === 'ECONNRESET' ? { ...failure, text: closedEarly } : failure;
}

/** The numbers and meanings of TLS alerts (RFC 8446, sections 6 and 4.4.2.4; RFC 5246, section 7.2; RFC 7301). */
const alerts: Readonly<Record<string, readonly [number: number, meaning: string]>> = {
  close_notify: [0, 'it has closed the connection'],
  unexpected_message: [10, 'it received an unexpected message'],
  bad_record_mac: [20, 'a record did not decrypt'],
  record_overflow: [22, 'a record was too long'],
  handshake_failure: [40, 'no parameters in common (ciphers, groups), or it requires a certificate'],
  bad_certificate: [42, 'our certificate is corrupt or does not verify'],
  unsupported_certificate: [43, 'it does not support the type of our certificate'],
  certificate_revoked: [44, 'our certificate has been revoked'],
  certificate_expired: [45, 'our certificate has expired or is not valid yet'],
  certificate_unknown: [46, 'it does not accept our certificate'],
  illegal_parameter: [47, 'a field of the handshake was out of range'],
  unknown_ca: [48, 'it does not trust the CA that issued our certificate'],
  access_denied: [49, 'our certificate is valid, but it denies access'],
  decode_error: [50, 'it could not decode a message'],
  decrypt_error: [51, 'a signature or a check of the handshake was invalid'],
  protocol_version: [70, 'it supports none of the TLS versions that we offered'],
  insufficient_security: [71, 'it requires stronger parameters'],
  internal_error: [80, 'it had an internal error'],
  inappropriate_fallback: [86, 'it rejects a retry with a lower version'],
  user_canceled: [90, 'it has cancelled the handshake'],
  missing_extension: [109, 'a required extension was missing'],
  unsupported_extension: [110, 'it received an extension that it did not request'],
  unrecognized_name: [112, 'it has no certificate for the requested name (SNI)'],
  bad_certificate_status_response: [113, 'the OCSP answer was not valid'],
  unknown_psk_identity: [115, 'it does not know the pre-shared key'],
  certificate_required: [116, 'it requires a client certificate, and we sent none'],
  no_application_protocol: [120, 'the two sides have no application protocol (ALPN) in common'],
};

/** How OpenSSL names the reason of a received alert in its code; BoringSSL says `SSLV3` where OpenSSL says `SSL/TLS`. */
const alertPrefix = /^ERR_SSL_(?:SSL\/TLS|SSLV3|TLSV1|TLSV13)_(?:ALERT_)?/;

/** The meaning of some of OpenSSL's reasons; the others are shown in OpenSSL's words. */
const reasons: Readonly<Record<string, string>> = {
  ERR_SSL_WRONG_VERSION_NUMBER: 'the peer sent bytes that are not TLS; it may speak plain TCP',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'the peer sent bytes that are not TLS; it may speak plain TCP',
  ERR_SSL_HTTP_REQUEST: 'the peer sent a plain HTTP request, without TLS',
  ERR_SSL_HTTPS_PROXY_REQUEST: 'the peer sent a plain HTTP CONNECT request, without TLS',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'the peer offers no TLS version that is allowed on this side',
  ERR_SSL_VERSION_TOO_LOW: 'the peer offers no TLS version that is allowed on this side',
  ERR_SSL_NO_SHARED_CIPHER: 'the two sides have no cipher suite in common',
  ERR_SSL_NO_APPLICATION_PROTOCOL: 'the peer offers no application protocol (ALPN) of this side',
  ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE: 'the client sent no certificate, but one is required',
  ERR_SSL_UNEXPECTED_EOF_WHILE_READING: 'the peer ended the connection without a TLS close_notify',
  ERR_SSL_NO_SUITABLE_SIGNATURE_ALGORITHM: 'the peer supports no signature algorithm of our key',
};

/** An error of Node's TLS: `code` contains OpenSSL's name of the reason. */
interface TlsError extends NodeJS.ErrnoException {
  readonly reason?: string;
}

/** Returns the failure for an error of a TLS connection; `call` is the current call where no system call failed. */
export function tlsFailure(error: TlsError, call: SocketCall): CallFailure {
  const { code = '', reason, message } = error;
  if (!code.startsWith('ERR_')) return callFailure(error, call);
  return { call, errno: code, text: wordsOf(code, reason ?? message) };
}

function wordsOf(code: string, reason: string): string {
  const name = alertName(code);
  const alert = name !== undefined && Object.hasOwn(alerts, name) ? alerts[name] : undefined;
  if (alert) return `the peer answered with the alert ${name} (${alert[0]}): ${alert[1]}`;
  return Object.hasOwn(reasons, code) ? `${reasons[code]}; OpenSSL: ${reason}` : reason;
}

function alertName(code: string): string | undefined {
  if (!alertPrefix.test(code)) return undefined;
  const name = code.replace(alertPrefix, '').toLowerCase();
  // The RFC spells it with one l.
  return name === 'user_cancelled' ? 'user_canceled' : name;
}
