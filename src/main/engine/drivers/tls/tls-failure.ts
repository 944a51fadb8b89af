import type { SocketCall } from '#shared/socket/terms.ts';
import type { CallFailure } from '../call-failure.ts';
import { callFailure } from '../node-error.ts';

/** The alerts of TLS (RFC 8446, section 6; RFC 5246, section 7.2; RFC 7301; RFC 8446, section 4.4.2.4) in words. */
const alerts: Readonly<Record<number, readonly [name: string, meaning: string]>> = {
  0: ['close_notify', 'it has closed the connection'],
  10: ['unexpected_message', 'it got a message that does not belong there'],
  20: ['bad_record_mac', 'a record did not decrypt'],
  22: ['record_overflow', 'a record was too long'],
  40: ['handshake_failure', 'it could not agree on the parameters: ciphers, groups, or a certificate it wants'],
  42: ['bad_certificate', 'our certificate is corrupt or does not verify'],
  43: ['unsupported_certificate', 'our certificate is of a kind it does not take'],
  44: ['certificate_revoked', 'our certificate has been revoked'],
  45: ['certificate_expired', 'our certificate has expired or is not valid yet'],
  46: ['certificate_unknown', 'it does not accept our certificate'],
  47: ['illegal_parameter', 'a field of the handshake was out of range'],
  48: ['unknown_ca', 'it does not know the authority that issued our certificate'],
  49: ['access_denied', 'our certificate is valid, but it does not let us in'],
  50: ['decode_error', 'it could not decode a message'],
  51: ['decrypt_error', 'a signature or a check of the handshake was wrong'],
  70: ['protocol_version', 'it speaks no version of TLS that we offered'],
  71: ['insufficient_security', 'it wants stronger parameters than ours'],
  80: ['internal_error', 'something failed on its side'],
  86: ['inappropriate_fallback', 'it refuses a retry with a lower version'],
  90: ['user_canceled', 'it has called the handshake off'],
  109: ['missing_extension', 'an extension it needs was missing'],
  110: ['unsupported_extension', 'it got an extension it did not ask for'],
  112: ['unrecognized_name', 'it has no certificate for the name we asked for (SNI)'],
  113: ['bad_certificate_status_response', 'the OCSP answer was not valid'],
  115: ['unknown_psk_identity', 'it does not know the pre-shared key'],
  116: ['certificate_required', 'it wants a certificate from us, and we sent none'],
  120: ['no_application_protocol', 'we have no application protocol (ALPN) in common'],
};

/** What some of OpenSSL's reasons mean; the others are shown as OpenSSL words them. */
const reasons: Readonly<Record<string, string>> = {
  ERR_SSL_WRONG_VERSION_NUMBER: 'what the peer sent is not TLS; it may speak plain TCP',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'what the peer sent is not TLS; it may speak plain TCP',
  ERR_SSL_HTTP_REQUEST: 'the peer sent a plain HTTP request, without TLS',
  ERR_SSL_HTTPS_PROXY_REQUEST: 'the peer sent a plain HTTP CONNECT request, without TLS',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'the peer offers no version of TLS that is allowed here',
  ERR_SSL_VERSION_TOO_LOW: 'the peer offers no version of TLS that is allowed here',
  ERR_SSL_NO_SHARED_CIPHER: 'there is no cipher suite that both sides have',
  ERR_SSL_NO_APPLICATION_PROTOCOL: 'the peer offers no application protocol (ALPN) that is wanted here',
  ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE: 'the client sent no certificate, and one is required',
  ERR_SSL_UNEXPECTED_EOF_WHILE_READING: 'the peer ended the connection without saying so in TLS (close_notify)',
  ERR_SSL_NO_SUITABLE_SIGNATURE_ALGORITHM: 'the peer takes no signature that our key can make',
};

/** An error of Node's TLS: `code` as OpenSSL names the reason. */
interface TlsError extends NodeJS.ErrnoException {
  readonly reason?: string;
}

/** What an error on a TLS connection means; `call` is what was under way where no system call failed. */
export function tlsFailure(error: TlsError, call: SocketCall): CallFailure {
  const { code = '', reason, message } = error;
  if (!code.startsWith('ERR_')) return callFailure(error, call);
  return { call, errno: code, text: wordsOf(code, reason ?? message, message) };
}

function wordsOf(code: string, reason: string, message: string): string {
  const alert = /alert number (\d{1,3})/i.exec(message);
  if (!alert) return Object.hasOwn(reasons, code) ? `${reasons[code]} (OpenSSL: ${reason})` : reason;
  const number = Number(alert[1]);
  const [name, meaning] = alerts[number] ?? ['unknown', reason];
  return `the peer answered with the alert ${name} (${number}): ${meaning}`;
}
