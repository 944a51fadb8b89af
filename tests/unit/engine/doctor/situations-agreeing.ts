import type { TlsOptions } from '#shared/endpoint/endpoint-config.ts';
import type { WsChanges } from '#support/config.ts';
import { clientTrouble, fakeCertificate, serverTrouble } from '#support/fake-doctor-system.ts';
import type { Situation } from './situation.ts';

const device = '192.168.1.50';
const clientTls = (errno: string, part: Partial<TlsOptions> = {}, more = {}) =>
  clientTrouble(
    errno,
    { transport: 'tls', host: device, port: 8_883, tls: { ...part } },
    { call: 'handshake', ...more },
  );
const untrusted = (errno: string, certificate = fakeCertificate) => clientTls(errno, {}, { certificate });
const webSocket = (errno: string, text: string, part: WsChanges = {}) =>
  clientTrouble(errno, { transport: 'ws', host: device, port: 8_080, ws: { ...part } }, { call: 'handshake', text });

const webSocketStatus = (status: number, words: string, part: WsChanges = {}) =>
  clientTrouble(
    'ERR_HTTP_STATUS',
    { transport: 'ws', host: device, port: 8_080, ws: { ...part } },
    { call: 'handshake', text: `${status} ${words}`, status },
  );

/** Situations after a connection is established: certificates, TLS, WebSocket. */
export const agreeingSituations: readonly Situation[] = [
  { of: 'certificate', what: 'self-signed', trouble: untrusted('DEPTH_ZERO_SELF_SIGNED_CERT') },
  { of: 'certificate', what: 'not signed by a trusted CA', trouble: untrusted('UNABLE_TO_VERIFY_LEAF_SIGNATURE') },
  {
    of: 'certificate',
    what: 'expired',
    trouble: untrusted('CERT_HAS_EXPIRED', { ...fakeCertificate, validTo: Date.UTC(2026, 0, 31) }),
  },
  {
    of: 'certificate',
    what: 'not valid yet, by hours',
    trouble: untrusted('CERT_NOT_YET_VALID', { ...fakeCertificate, validFrom: Date.UTC(2026, 2, 2) }),
  },
  {
    of: 'certificate',
    what: 'not valid yet, by months',
    trouble: untrusted('CERT_NOT_YET_VALID', { ...fakeCertificate, validFrom: Date.UTC(2026, 7, 1) }),
  },
  { of: 'certificate', what: 'for another name', trouble: untrusted('ERR_TLS_CERT_ALTNAME_INVALID') },
  { of: 'certificate', what: 'revoked', trouble: untrusted('CERT_REVOKED') },
  { of: 'certificate', what: 'too weak', trouble: untrusted('EE_KEY_TOO_SMALL') },
  { of: 'certificate', what: 'not for servers', trouble: untrusted('INVALID_PURPOSE') },
  {
    of: 'TLS terms',
    what: 'no version in common',
    trouble: clientTls('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', { maxVersion: 'TLSv1.2' }),
  },
  {
    of: 'TLS terms',
    what: 'no ALPN protocol in common',
    trouble: clientTls('ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL', { alpn: ['mqtt'] }),
  },
  { of: 'TLS terms', what: 'no cipher in common', trouble: clientTls('ERR_SSL_NO_SHARED_CIPHER') },
  {
    of: 'TLS terms',
    what: 'the server does not know the name',
    trouble: clientTls('ERR_SSL_TLSV1_UNRECOGNIZED_NAME', { serverName: 'other.lan' }),
  },
  {
    of: 'TLS terms',
    what: 'a client certificate is required',
    trouble: clientTls('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'),
  },
  {
    of: 'TLS terms',
    what: 'the client certificate is not trusted',
    trouble: clientTls('ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', { certificate: 'me.pem', key: 'me.key' }),
  },
  { of: 'TLS terms', what: 'the handshake is ended', trouble: clientTls('ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE') },
  {
    of: 'TLS terms',
    what: 'the key belongs to another certificate',
    trouble: serverTrouble('ERR_OSSL_X509_KEY_VALUES_MISMATCH', { transport: 'tls' }, { call: 'open' }),
  },
  {
    of: 'TLS terms',
    what: 'the key is encrypted',
    trouble: serverTrouble('ERR_OSSL_BAD_DECRYPT', { transport: 'tls' }, { call: 'open' }),
  },
  {
    of: 'TLS terms',
    what: 'the file is not PEM',
    trouble: serverTrouble('ERR_OSSL_PEM_NO_START_LINE', { transport: 'tls' }, { call: 'open' }),
  },
  {
    of: 'wrong protocol',
    what: 'TLS to a port that speaks SSH',
    trouble: clientTls('ERR_SSL_WRONG_VERSION_NUMBER'),
    facts: { greetings: { [`${device}:8883`]: 'SSH-2.0-OpenSSH_9.6\r\n' } },
  },
  {
    of: 'wrong protocol',
    what: 'TLS to a port that waits for the client to speak',
    trouble: clientTls('ERR_SSL_WRONG_VERSION_NUMBER'),
  },
  {
    of: 'wrong protocol',
    what: 'a TLS server that a client speaks HTTP to',
    trouble: serverTrouble('ERR_SSL_HTTP_REQUEST', { transport: 'tls' }, { call: 'handshake' }),
  },
  {
    of: 'wrong protocol',
    what: 'WebSocket to a path that does not exist',
    trouble: webSocketStatus(404, 'Not Found', { path: '/live' }),
  },
  { of: 'wrong protocol', what: 'WebSocket to a web server', trouble: webSocketStatus(200, 'OK') },
  {
    of: 'wrong protocol',
    what: 'WebSocket to a server that redirects',
    trouble: webSocketStatus(301, 'Moved Permanently'),
  },
  {
    of: 'wrong protocol',
    what: 'WebSocket that needs a login',
    trouble: webSocketStatus(401, 'Unauthorized'),
  },
  {
    of: 'wrong protocol',
    what: 'WebSocket without TLS to a port with TLS',
    trouble: webSocket('ECONNRESET', 'socket hang up'),
    facts: { tls: [`${device}:8080`] },
  },
  {
    of: 'wrong protocol',
    what: 'WebSocket to a port that speaks SMTP',
    trouble: webSocket('HPE_INVALID_CONSTANT', 'Parse Error: Expected HTTP/'),
    facts: { greetings: { [`${device}:8080`]: '220 mail.example.com ESMTP\r\n' } },
  },
  {
    of: 'wrong protocol',
    what: 'WebSocket without a subprotocol in common',
    trouble: webSocket('WS_ERR_SUBPROTOCOL', 'Server sent no subprotocol', { protocols: ['chat'] }),
  },
  {
    of: 'own server',
    what: 'TLS to a TCP server of this Wirebench',
    trouble: clientTrouble('ERR_SSL_WRONG_VERSION_NUMBER', { transport: 'tls' }, { call: 'handshake' }),
    facts: { own: { '127.0.0.1:12345': 'tcp' } },
  },
  {
    of: 'own server',
    what: 'TCP to a server of this Wirebench with TLS',
    trouble: clientTrouble('ECONNRESET', {}, { call: 'recv' }),
    facts: { own: { '127.0.0.1:12345': 'tls' } },
  },
  {
    of: 'own server',
    what: 'WebSocket to a TCP server of this Wirebench that sends nothing',
    trouble: clientTrouble('ETIMEDOUT', { transport: 'ws' }, { call: 'handshake' }),
    facts: { own: { '127.0.0.1:12345': 'tcp' } },
  },
  { of: 'ended immediately', what: 'during the TLS handshake', trouble: clientTls('ECONNRESET') },
  {
    of: 'ended immediately',
    what: 'TCP to a TLS port',
    trouble: clientTrouble('ECONNRESET', { host: device, port: 8_883 }),
    facts: { tls: [`${device}:8883`] },
  },
  { of: 'ended immediately', what: 'TCP', trouble: clientTrouble('ECONNRESET', { host: device, port: 5_000 }) },
];
