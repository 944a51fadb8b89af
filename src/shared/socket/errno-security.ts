import type { Errno } from './errno-entry.ts';

/*
 * What can go wrong while TLS (RFC 8446) or WebSocket (RFC 6455) agree, by Node's codes: OpenSSL's names of why a
 * certificate is not believed (X509_V_ERR_* without its head), `ERR_SSL_` and OpenSSL's reason, `ERR_TLS_*`, `WS_ERR_*`
 * of the WebSocket library, `HPE_*` of the HTTP parser.
 */

const trustHint = 'If you know this certificate, trust it by its fingerprint, or name the file of its authority as CA.';
const versionHint = 'Set the least and the highest TLS version to what both sides have.';
const plainHint = 'The other side seems not to speak TLS: choose TCP, or check the port.';
const endedHint = 'Check the TLS versions, the server name, and whether it wants a client certificate.';
const ownCertificateHint = 'Set a certificate and key that the other side accepts.';
const ownFilesHint = 'Check the files of the certificate and its key, and the passphrase.';
const webSocketHint = 'The other side does not follow the WebSocket protocol: check what it is, and its version.';

function certificate(text: string, hint: string = trustHint): Errno {
  return { code: 'certificate', text, hint };
}

function wrongProtocol(text: string, hint: string): Errno {
  return { code: 'wrong-protocol', text, hint };
}

const believed: Readonly<Record<string, Errno>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: certificate('the certificate is signed by itself'),
  SELF_SIGNED_CERT_IN_CHAIN: certificate('the certificate comes from an authority that is not known here'),
  UNABLE_TO_GET_ISSUER_CERT: certificate('the authority of the certificate is not known here'),
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: certificate('the authority of the certificate is not known here'),
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: certificate('the authority of the certificate is not known here'),
  CERT_UNTRUSTED: certificate('the authority of the certificate is not trusted for this'),
  CERT_REJECTED: certificate('the authority of the certificate is marked as not to be trusted'),
  CERT_HAS_EXPIRED: certificate('the certificate has expired', 'Have the server’s certificate renewed.'),
  CERT_NOT_YET_VALID: certificate('the certificate is not valid yet', 'Check the clock of this machine.'),
  CERT_REVOKED: certificate('the certificate was revoked', 'Do not trust it; ask who runs the server for a new one.'),
  CERT_SIGNATURE_FAILURE: certificate('the signature of the certificate is wrong', 'Do not trust it.'),
  CERT_CHAIN_TOO_LONG: certificate('the chain of certificates is too long'),
  INVALID_CA: certificate('a certificate of the chain may not sign others'),
  INVALID_PURPOSE: certificate(
    'the certificate is not for this purpose',
    'The server needs a certificate for servers.',
  ),
  PATH_LENGTH_EXCEEDED: certificate('the chain of certificates is longer than it may be'),
  HOSTNAME_MISMATCH: certificate('the certificate is for another name', 'Set the server name that it is for.'),
  ERR_TLS_CERT_ALTNAME_INVALID: certificate(
    'the certificate is for another name',
    'Set the server name that the certificate is for.',
  ),
  CA_MD_TOO_WEAK: certificate('the certificate is signed with a weak hash', 'The server needs a newer certificate.'),
  CA_KEY_TOO_SMALL: certificate('the key of the authority is too short', 'The server needs a newer certificate.'),
  EE_KEY_TOO_SMALL: certificate('the key of the certificate is too short', 'The server needs a newer certificate.'),
};

const agreed: Readonly<Record<string, Errno>> = {
  EPROTO: wrongProtocol('protocol error', plainHint),
  EPROTOTYPE: wrongProtocol('wrong type of socket', 'The other side is another kind of socket: choose its transport.'),
  ERR_SSL_WRONG_VERSION_NUMBER: wrongProtocol('what came is not TLS', plainHint),
  ERR_SSL_PACKET_LENGTH_TOO_LONG: wrongProtocol('what came is not TLS', plainHint),
  ERR_SSL_RECORD_LAYER_FAILURE: wrongProtocol('what came is not TLS', plainHint),
  ERR_SSL_UNEXPECTED_MESSAGE: wrongProtocol('what came does not belong into a TLS handshake', plainHint),
  ERR_SSL_HTTP_REQUEST: wrongProtocol('the client speaks plain HTTP', 'Let the client use https, or choose TCP here.'),
  ERR_SSL_HTTPS_PROXY_REQUEST: wrongProtocol('the client takes this for a proxy', 'Check the client’s proxy settings.'),
  ERR_SSL_UNSUPPORTED_PROTOCOL: wrongProtocol('the two sides have no TLS version in common', versionHint),
  ERR_SSL_VERSION_TOO_LOW: wrongProtocol('the TLS version is too old', versionHint),
  ERR_SSL_NO_PROTOCOLS_AVAILABLE: wrongProtocol('this TLS version is switched off here', versionHint),
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: wrongProtocol('the other side wants another TLS version', versionHint),
  ERR_SSL_NO_SHARED_CIPHER: wrongProtocol('the two sides have no cipher in common', versionHint),
  ERR_SSL_NO_APPLICATION_PROTOCOL: wrongProtocol(
    'the two sides have no ALPN protocol in common',
    'Name a protocol in ALPN that the other side speaks.',
  ),
  ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL: wrongProtocol(
    'the other side speaks none of the ALPN protocols',
    'Name a protocol in ALPN that the other side speaks, or none.',
  ),
  ERR_SSL_TLSV1_UNRECOGNIZED_NAME: wrongProtocol(
    'the other side does not know the server name',
    'Set the server name (SNI) that the server is known by.',
  ),
  'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE': wrongProtocol('the other side ended the TLS handshake', endedHint),
  ERR_SSL_TLSV1_ALERT_INSUFFICIENT_SECURITY: wrongProtocol('the other side wants stronger ciphers', versionHint),
  ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR: wrongProtocol('the other side failed in itself', 'Look at the server’s log.'),
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: certificate('the server wants a client certificate', ownCertificateHint),
  ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE: certificate(
    'the client has sent no certificate',
    'Give the client a certificate, or do not require one here.',
  ),
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: certificate('the other side does not believe our certificate', ownCertificateHint),
  'ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE': certificate('the other side refuses our certificate', ownCertificateHint),
  'ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_UNKNOWN': certificate(
    'the other side refuses our certificate',
    ownCertificateHint,
  ),
  'ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED': certificate('our certificate has expired', ownCertificateHint),
  ERR_TLS_HANDSHAKE_TIMEOUT: { code: 'timed-out', text: 'no TLS handshake in time', hint: plainHint },
};

const ownFiles: Readonly<Record<string, Errno>> = {
  ERR_OSSL_X509_KEY_VALUES_MISMATCH: certificate('the key does not belong to the certificate', ownFilesHint),
  ERR_OSSL_PEM_NO_START_LINE: certificate('the file holds no PEM', ownFilesHint),
  ERR_OSSL_UNSUPPORTED: certificate('the file holds no key that can be read', ownFilesHint),
  ERR_OSSL_BAD_DECRYPT: certificate('the passphrase does not open the key', ownFilesHint),
  ERR_FILE_NOT_CHOSEN: { code: 'file', text: 'the file is not chosen any more', hint: 'Choose the file again.' },
};

const webSocket: Readonly<Record<string, Errno>> = {
  ERR_HTTP_STATUS: wrongProtocol(
    'the server answered with HTTP and not with WebSocket',
    'Check the path, and that a WebSocket server is there.',
  ),
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: {
    code: 'too-large',
    text: 'a WebSocket message is longer than allowed',
    hint: 'Raise the longest message (limits.maxMessage).',
  },
  WS_ERR_INVALID_UTF8: wrongProtocol('a WebSocket text message is not UTF-8', webSocketHint),
};

const catalogues = [believed, agreed, ownFiles, webSocket];

/** Codes of the same kind that are not in the catalogue: the first pattern that fits. Their text is the code's own words. */
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
  { pattern: /^ERR_TLS_/, make: (words) => wrongProtocol(words, 'Check the options of TLS.') },
  { pattern: /^WS_ERR_/, make: (words) => wrongProtocol(words, webSocketHint) },
  { pattern: /^HPE_/, make: (words) => wrongProtocol(`the answer is not HTTP: ${words}`, webSocketHint) },
  { pattern: /(^|_)(CERT|CRL|CA)(_|$)/, make: (words) => certificate(words) },
];

/** What is known of a code of TLS, of a certificate's check or of WebSocket; `undefined` where it is none of these. */
export function lookUpSecurityError(code: string): Errno | undefined {
  for (const catalogue of catalogues) if (Object.hasOwn(catalogue, code)) return catalogue[code];
  return patterns.find(({ pattern }) => pattern.test(code))?.make(wordsOf(code));
}

/** `ERR_SSL_TLSV1_ALERT_DECRYPT_ERROR` in words: “tlsv1 alert decrypt error”. */
function wordsOf(code: string): string {
  return code
    .replace(/^(ERR_SSL|ERR_OSSL|ERR_TLS|WS_ERR|HPE)_/, '')
    .replaceAll('_', ' ')
    .toLowerCase();
}
