import type { FailureCode } from '../failure.ts';

/** What is known of one error name. */
export interface Errno {
  readonly code: FailureCode;
  /** The meaning, as POSIX's <errno.h> words it. */
  readonly text: string;
  /** What to do next. */
  readonly hint: string;
}

/*
 * The errors of TLS (RFC 8446) and WebSocket (RFC 6455) handshakes by Node's codes: OpenSSL's reasons for rejecting a
 * certificate (X509_V_ERR_* without the prefix), `ERR_SSL_` with OpenSSL's reason, `ERR_TLS_*`, `WS_ERR_*` of the WebSocket
 * library, `HPE_*` of the HTTP parser.
 */

const trustHint = 'If you know this certificate, trust its fingerprint, or add its CA file.';
const versionHint = 'Set the minimum and maximum TLS version to a range that both sides support.';
const plainHint = 'The other side does not seem to speak TLS: use TCP, or check the port.';
const endedHint = 'Check the TLS versions, the server name, and whether the server requires a client certificate.';
const ownCertificateHint = 'Set a certificate and a key that the other side accepts.';
const ownFilesHint = 'Check the certificate file, the key file and the passphrase.';
const webSocketHint =
  'The other side does not follow the WebSocket protocol: check which program it is, and its version.';

function certificate(text: string, hint: string = trustHint): Errno {
  return { code: 'certificate', text, hint };
}

function wrongProtocol(text: string, hint: string): Errno {
  return { code: 'wrong-protocol', text, hint };
}

const certificateChecks: Readonly<Record<string, Errno>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: certificate('the certificate is self-signed'),
  SELF_SIGNED_CERT_IN_CHAIN: certificate('the certificate is not signed by a trusted CA'),
  UNABLE_TO_GET_ISSUER_CERT: certificate('the certificate is not signed by a trusted CA'),
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: certificate('the certificate is not signed by a trusted CA'),
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: certificate('the certificate is not signed by a trusted CA'),
  CERT_UNTRUSTED: certificate('the CA of the certificate is not trusted for this purpose'),
  CERT_REJECTED: certificate('the CA of the certificate is marked as untrusted'),
  CERT_HAS_EXPIRED: certificate('the certificate has expired', 'Have the server’s certificate renewed.'),
  CERT_NOT_YET_VALID: certificate('the certificate is not valid yet', 'Check the clock of this machine.'),
  CERT_REVOKED: certificate('the certificate was revoked', 'Do not trust it; ask the server’s owner for a new one.'),
  CERT_SIGNATURE_FAILURE: certificate('the signature of the certificate is invalid', 'Do not trust it.'),
  CERT_CHAIN_TOO_LONG: certificate('the chain of certificates is too long'),
  INVALID_CA: certificate('a certificate of the chain is not allowed to sign others'),
  INVALID_PURPOSE: certificate(
    'the certificate is not valid for this purpose',
    'The server needs a certificate for server authentication.',
  ),
  PATH_LENGTH_EXCEEDED: certificate('the chain of certificates is longer than it allows'),
  HOSTNAME_MISMATCH: certificate(
    'the certificate is for another name',
    'Set the server name to a name in the certificate.',
  ),
  ERR_TLS_CERT_ALTNAME_INVALID: certificate(
    'the certificate is for another name',
    'Set the server name to a name in the certificate.',
  ),
  CA_MD_TOO_WEAK: certificate('the certificate is signed with a weak hash', 'The server needs a newer certificate.'),
  CA_KEY_TOO_SMALL: certificate('the key of the CA is too short', 'The server needs a newer certificate.'),
  EE_KEY_TOO_SMALL: certificate('the key of the certificate is too short', 'The server needs a newer certificate.'),
};

const handshakes: Readonly<Record<string, Errno>> = {
  EPROTO: wrongProtocol('protocol error', plainHint),
  EPROTOTYPE: wrongProtocol('wrong type of socket', 'The other side is another kind of socket: select its transport.'),
  ERR_SSL_WRONG_VERSION_NUMBER: wrongProtocol('the received bytes are not TLS', plainHint),
  ERR_SSL_PACKET_LENGTH_TOO_LONG: wrongProtocol('the received bytes are not TLS', plainHint),
  ERR_SSL_RECORD_LAYER_FAILURE: wrongProtocol('the received bytes are not TLS', plainHint),
  ERR_SSL_UNEXPECTED_MESSAGE: wrongProtocol('an unexpected message in the TLS handshake', plainHint),
  ERR_SSL_HTTP_REQUEST: wrongProtocol(
    'the client speaks plain HTTP',
    'Use https in the client, or TCP for this server.',
  ),
  ERR_SSL_HTTPS_PROXY_REQUEST: wrongProtocol(
    'the client uses this server as a proxy',
    'Check the client’s proxy settings.',
  ),
  ERR_SSL_UNSUPPORTED_PROTOCOL: wrongProtocol('the two sides have no TLS version in common', versionHint),
  ERR_SSL_VERSION_TOO_LOW: wrongProtocol('the TLS version is too low', versionHint),
  ERR_SSL_NO_PROTOCOLS_AVAILABLE: wrongProtocol('this TLS version is disabled on this machine', versionHint),
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: wrongProtocol('the other side requires another TLS version', versionHint),
  ERR_SSL_NO_SHARED_CIPHER: wrongProtocol('the two sides have no cipher in common', versionHint),
  ERR_SSL_NO_APPLICATION_PROTOCOL: wrongProtocol(
    'the two sides have no ALPN protocol in common',
    'Add an ALPN protocol that the other side supports.',
  ),
  ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL: wrongProtocol(
    'the other side supports none of the ALPN protocols',
    'Use an ALPN protocol that the other side supports, or none.',
  ),
  ERR_SSL_TLSV1_UNRECOGNIZED_NAME: wrongProtocol(
    'the other side does not know the server name',
    'Set a server name (SNI) that the server knows.',
  ),
  'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE': wrongProtocol('the other side ended the TLS handshake', endedHint),
  ERR_SSL_TLSV1_ALERT_INSUFFICIENT_SECURITY: wrongProtocol('the other side requires stronger ciphers', versionHint),
  ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR: wrongProtocol('the other side had an internal error', 'Check the server’s log.'),
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: certificate(
    'the server requires a client certificate',
    ownCertificateHint,
  ),
  ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE: certificate(
    'the client sent no certificate',
    'Set a certificate in the client, or do not require one for this server.',
  ),
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: certificate('the other side does not trust our certificate', ownCertificateHint),
  'ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE': certificate('the other side rejects our certificate', ownCertificateHint),
  'ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_UNKNOWN': certificate(
    'the other side rejects our certificate',
    ownCertificateHint,
  ),
  'ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED': certificate('our certificate has expired', ownCertificateHint),
  ERR_TLS_HANDSHAKE_TIMEOUT: { code: 'timed-out', text: 'the TLS handshake took too long', hint: plainHint },
};

const ownFiles: Readonly<Record<string, Errno>> = {
  ERR_OSSL_X509_KEY_VALUES_MISMATCH: certificate('the key does not belong to the certificate', ownFilesHint),
  ERR_OSSL_PEM_NO_START_LINE: certificate('the file is not in PEM format', ownFilesHint),
  ERR_OSSL_UNSUPPORTED: certificate('the file contains no supported key', ownFilesHint),
  ERR_OSSL_BAD_DECRYPT: certificate('the passphrase does not decrypt the key', ownFilesHint),
  ERR_FILE_NOT_CHOSEN: { code: 'file', text: 'the file is no longer selected', hint: 'Select the file again.' },
};

const webSocket: Readonly<Record<string, Errno>> = {
  ERR_HTTP_STATUS: wrongProtocol(
    'the server answered the WebSocket handshake with another HTTP status',
    'Check the path, and that it belongs to a WebSocket server.',
  ),
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: {
    code: 'too-large',
    text: 'a WebSocket message exceeds the maximum message size',
    hint: 'Raise the maximum message size (limits.maxMessage).',
  },
  WS_ERR_SUBPROTOCOL: wrongProtocol(
    'the two sides have no WebSocket subprotocol in common',
    'Use a subprotocol that the server supports, or none (ws.protocols).',
  ),
  WS_ERR_INVALID_UTF8: wrongProtocol('a WebSocket text message is not UTF-8', webSocketHint),
};

const catalogues = [certificateChecks, handshakes, ownFiles, webSocket];

/** Patterns for codes that are not in the catalogues; the first match counts. Their text consists of the words in the code. */
const patterns: readonly { readonly pattern: RegExp; readonly make: (words: string) => Errno }[] = [
  { pattern: /^ERR_SSL_.*CERT/, make: (words) => certificate(words, ownCertificateHint) },
  {
    pattern: /KEY_VALUES_MISMATCH$/,
    make: () => certificate('the key does not belong to the certificate', ownFilesHint),
  },
  { pattern: /^ERR_SSL_.*(VERSION|PROTOCOL)/, make: (words) => wrongProtocol(words, versionHint) },
  { pattern: /^ERR_SSL_.*ALERT/, make: (words) => wrongProtocol(words, endedHint) },
  { pattern: /^ERR_SSL_/, make: (words) => wrongProtocol(words, plainHint) },
  { pattern: /^ERR_OSSL_/, make: (words) => certificate(words, ownFilesHint) },
  { pattern: /^ERR_TLS_CERT/, make: (words) => certificate(words) },
  { pattern: /^ERR_TLS_/, make: (words) => wrongProtocol(words, 'Check the TLS options.') },
  { pattern: /^WS_ERR_/, make: (words) => wrongProtocol(words, webSocketHint) },
  { pattern: /^HPE_/, make: (words) => wrongProtocol(`the answer is not HTTP: ${words}`, webSocketHint) },
  { pattern: /(^|_)(CERT|CRL|CA)(_|$)/, make: (words) => certificate(words) },
];

/** Returns what is known of a code of TLS, certificate checks or WebSocket; `undefined` for any other code. */
export function lookUpSecurityError(code: string): Errno | undefined {
  for (const catalogue of catalogues) if (Object.hasOwn(catalogue, code)) return catalogue[code];
  return patterns.find(({ pattern }) => pattern.test(code))?.make(wordsOf(code));
}

/** Returns the words in a code: “tlsv1 alert decrypt error” for `ERR_SSL_TLSV1_ALERT_DECRYPT_ERROR`. */
function wordsOf(code: string): string {
  return code
    .replace(/^(ERR_SSL|ERR_OSSL|ERR_TLS|WS_ERR|HPE)_/, '')
    .replaceAll('_', ' ')
    .toLowerCase();
}
