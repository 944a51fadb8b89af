import type { SocketCall } from '#shared/socket/terms.ts';
import type { CallFailure } from '../call-failure.ts';
import { callFailure } from '../node-error.ts';

/** The names and meanings of TLS alerts (RFC 8446, sections 6 and 4.4.2.4; RFC 5246, section 7.2; RFC 7301). */
const alerts: Readonly<Record<number, readonly [name: string, meaning: string]>> = {
  0: ['close_notify', 'it has closed the connection'],
  10: ['unexpected_message', 'it received an unexpected message'],
  20: ['bad_record_mac', 'a record did not decrypt'],
  22: ['record_overflow', 'a record was too long'],
  40: ['handshake_failure', 'no parameters in common (ciphers, groups), or it requires a certificate'],
  42: ['bad_certificate', 'our certificate is corrupt or does not verify'],
  43: ['unsupported_certificate', 'it does not support the type of our certificate'],
  44: ['certificate_revoked', 'our certificate has been revoked'],
  45: ['certificate_expired', 'our certificate has expired or is not valid yet'],
  46: ['certificate_unknown', 'it does not accept our certificate'],
  47: ['illegal_parameter', 'a field of the handshake was out of range'],
  48: ['unknown_ca', 'it does not trust the CA that issued our certificate'],
  49: ['access_denied', 'our certificate is valid, but it denies access'],
  50: ['decode_error', 'it could not decode a message'],
  51: ['decrypt_error', 'a signature or a check of the handshake was invalid'],
  70: ['protocol_version', 'it supports none of the TLS versions that we offered'],
  71: ['insufficient_security', 'it requires stronger parameters'],
  80: ['internal_error', 'it had an internal error'],
  86: ['inappropriate_fallback', 'it rejects a retry with a lower version'],
  90: ['user_canceled', 'it has cancelled the handshake'],
  109: ['missing_extension', 'a required extension was missing'],
  110: ['unsupported_extension', 'it received an extension that it did not request'],
  112: ['unrecognized_name', 'it has no certificate for the requested name (SNI)'],
  113: ['bad_certificate_status_response', 'the OCSP answer was not valid'],
  115: ['unknown_psk_identity', 'it does not know the pre-shared key'],
  116: ['certificate_required', 'it requires a client certificate, and we sent none'],
  120: ['no_application_protocol', 'the two sides have no application protocol (ALPN) in common'],
};

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
  return { call, errno: code, text: wordsOf(code, reason ?? message, message) };
}

function wordsOf(code: string, reason: string, message: string): string {
  const alert = /alert number (\d{1,3})/i.exec(message);
  if (!alert) return Object.hasOwn(reasons, code) ? `${reasons[code]}; OpenSSL: ${reason}` : reason;
  const number = Number(alert[1]);
  const [name, meaning] = alerts[number] ?? ['unknown', reason];
  return `the peer answered with the alert ${name} (${number}): ${meaning}`;
}
