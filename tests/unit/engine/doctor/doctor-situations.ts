import type { Trouble } from '#engine/doctor/diagnosis.ts';
import { defaultClient, defaultServer } from '#shared/contract/endpoint-config.ts';
import {
  clientTrouble,
  type FakeFacts,
  fakeCertificate,
  fakeInterfaces,
  serverTrouble,
  tableSocket,
} from '#support/fake-doctor-system.ts';

/** One row of docs/doctor.md. */
export interface Situation {
  /** The heading it stands under: a case of the doctor's list. */
  readonly of: string;
  readonly what: string;
  readonly trouble: Trouble;
  readonly facts?: FakeFacts;
}

const { loopback4, loopback6, ethernet, linkLocal } = fakeInterfaces;
const python = { holders: { '7': { pid: 4_242, name: 'python3' } } };
const { tls, udp, bind, ws } = defaultClient;
const device = '192.168.1.50';
const clientTls = (errno: string, part: Partial<typeof tls> = {}, more = {}) =>
  clientTrouble(
    errno,
    { transport: 'tls', host: device, port: 8_883, tls: { ...tls, ...part } },
    { call: 'handshake', ...more },
  );
const believed = (errno: string, certificate = fakeCertificate) => clientTls(errno, {}, { certificate });
const webSocket = (errno: string, text: string, part: Partial<typeof ws> = {}) =>
  clientTrouble(
    errno,
    { transport: 'ws', host: device, port: 8_080, ws: { ...ws, ...part } },
    { call: 'handshake', text },
  );

/** Every answer of the doctor, each with a machine on which it is given. */
export const situations: readonly Situation[] = [
  {
    of: 'mistyped host',
    what: 'a URL is typed into the host field',
    trouble: clientTrouble('ENOTFOUND', { host: 'http://device.lan:8080/state' }, { call: 'getaddrinfo' }),
  },
  {
    of: 'mistyped host',
    what: 'the port is typed into the host field',
    trouble: clientTrouble('ENOTFOUND', { host: 'device.lan:8080' }, { call: 'getaddrinfo' }),
  },
  {
    of: 'mistyped host',
    what: 'a letter l for a digit 1',
    trouble: clientTrouble('ENOTFOUND', { host: '127.0.0.l' }, { call: 'getaddrinfo' }),
  },
  {
    of: 'mistyped host',
    what: 'a part of the address is missing, and the system takes it for another address',
    trouble: clientTrouble('ECONNREFUSED', { host: '127.0.0' }, { tried: ['127.0.0.0'] }),
  },
  {
    of: 'mistyped host',
    what: 'brackets around an IPv6 address',
    trouble: clientTrouble('ENOTFOUND', { host: '[::1]:8080' }, { call: 'getaddrinfo' }),
  },
  {
    of: 'local socket',
    what: 'connecting, nothing is at the path',
    trouble: clientTrouble('ENOENT', { transport: 'local', path: '/run/app/app.sock' }),
  },
  {
    of: 'local socket',
    what: 'connecting, the folder is not there',
    trouble: clientTrouble('ENOENT', { transport: 'local', path: '/run/app/app.sock' }),
    facts: { path: { folderExists: false } },
  },
  {
    of: 'local socket',
    what: 'connecting, the server is gone and its file is left',
    trouble: clientTrouble('ECONNREFUSED', { transport: 'local', path: '/run/app/app.sock' }),
    facts: { path: { kind: 'socket' } },
  },
  {
    of: 'local socket',
    what: 'connecting, a plain file is at the path',
    trouble: clientTrouble('ECONNREFUSED', { transport: 'local', path: '/run/app/app.log' }),
    facts: { path: { kind: 'file' } },
  },
  {
    of: 'local socket',
    what: 'connecting, the socket is not ours',
    trouble: clientTrouble('EACCES', { transport: 'local', path: '/run/app/app.sock' }),
    facts: { path: { kind: 'socket', writable: false } },
  },
  {
    of: 'local socket',
    what: 'connecting, the socket takes datagrams',
    trouble: clientTrouble('EPROTOTYPE', { transport: 'local', path: '/dev/log' }),
    facts: {
      path: { kind: 'socket' },
      local: [{ path: '/dev/log', kind: 'datagram', listening: false, inode: '7' }],
    },
  },
  {
    of: 'local socket',
    what: 'listening, another server is at the path',
    trouble: serverTrouble('EADDRINUSE', { transport: 'local', path: '/run/app/app.sock' }),
    facts: {
      ...python,
      path: { kind: 'socket' },
      local: [{ path: '/run/app/app.sock', kind: 'stream', listening: true, inode: '7' }],
    },
  },
  {
    of: 'local socket',
    what: 'listening, a file is at the path',
    trouble: serverTrouble('EADDRINUSE', { transport: 'local', path: '/run/app/app.log' }),
    facts: { path: { kind: 'file' } },
  },
  {
    of: 'local socket',
    what: 'listening, a socket without a server is at the path',
    trouble: serverTrouble('EADDRINUSE', { transport: 'local', path: '/run/app/app.sock' }),
    facts: { path: { kind: 'socket' } },
  },
  {
    of: 'local socket',
    what: 'listening, the folder is not there',
    trouble: serverTrouble('EACCES', { transport: 'local', path: '/run/app/app.sock' }),
    facts: { path: { folderExists: false } },
  },
  {
    of: 'local socket',
    what: 'listening, the folder is not ours',
    trouble: serverTrouble('EACCES', { transport: 'local', path: '/run/app/app.sock' }),
    facts: { path: { folderWritable: false } },
  },
  {
    of: 'local socket',
    what: 'the path is too long',
    trouble: serverTrouble('EINVAL', { transport: 'local', path: `/run/app/${'a'.repeat(120)}.sock` }),
  },
  {
    of: 'certificate files',
    what: 'the key is not there',
    trouble: serverTrouble('ENOENT', { transport: 'tls', tls: { ...tls, key: '/etc/app/key.pem' } }),
  },
  {
    of: 'certificate files',
    what: 'the key may not be read',
    trouble: serverTrouble('EACCES', { transport: 'tls', tls: { ...tls, key: '/etc/app/key.pem' } }),
    facts: { path: { kind: 'file', readable: false } },
  },
  {
    of: 'certificate files',
    what: 'the CA is a folder',
    trouble: clientTrouble('EISDIR', { transport: 'tls', tls: { ...tls, ca: '/etc/ssl/certs' } }),
    facts: { path: { kind: 'folder' } },
  },
  {
    of: 'link-local address',
    what: 'without its interface',
    trouble: clientTrouble('EINVAL', { host: 'fe80::1' }),
    facts: { interfaces: [loopback4, loopback6, ethernet, linkLocal] },
  },
  {
    of: 'link-local address',
    what: 'with an interface that is not there',
    trouble: serverTrouble('EINVAL', { host: 'fe80::5%wlan0' }),
    facts: { interfaces: [loopback4, loopback6, ethernet, linkLocal] },
  },
  {
    of: 'refused',
    what: 'nothing listens on this machine',
    trouble: clientTrouble('ECONNREFUSED', { port: 5_000 }),
  },
  {
    of: 'refused',
    what: 'the server listens on the other family',
    trouble: clientTrouble('ECONNREFUSED', { port: 5_000 }),
    facts: { ...python, tcp: [tableSocket({ host: '::1', port: 5_000 })] },
  },
  {
    of: 'refused',
    what: 'the server listens on 127.0.0.1, and is asked on the network’s address',
    trouble: clientTrouble('ECONNREFUSED', { host: '192.168.1.20', port: 5_000 }),
    facts: { ...python, tcp: [tableSocket({ port: 5_000 })] },
  },
  {
    of: 'refused',
    what: 'the port is open for UDP',
    trouble: clientTrouble('ECONNREFUSED', { port: 5_000 }),
    facts: { ...python, udp: [tableSocket({ host: '0.0.0.0', port: 5_000, state: 'bound' })] },
  },
  {
    of: 'refused',
    what: 'UDP is sent to a port that is open for TCP',
    trouble: clientTrouble('ECONNREFUSED', { transport: 'udp', port: 5_000 }),
    facts: { ...python, tcp: [tableSocket({ port: 5_000 })] },
  },
  {
    of: 'refused',
    what: 'a server listens on a port like it',
    trouble: clientTrouble('ECONNREFUSED', { port: 12_354 }),
    facts: { ...python, tcp: [tableSocket({ port: 12_345 })] },
  },
  {
    of: 'refused',
    what: 'the server has started in the meantime',
    trouble: clientTrouble('ECONNREFUSED', { port: 5_000 }),
    facts: { ...python, tcp: [tableSocket({ port: 5_000 })] },
  },
  {
    of: 'refused',
    what: 'another machine, which is there',
    trouble: clientTrouble('ECONNREFUSED', { host: device, port: 5_000 }),
  },
  {
    of: 'refused',
    what: 'another address of the name answers',
    trouble: clientTrouble('ECONNREFUSED', { host: 'device.lan', port: 5_000 }, { tried: [device] }),
    facts: { names: { 'device.lan': [device, '192.168.1.51'] }, answers: { '192.168.1.51:5000': '' } },
  },
  {
    of: 'refused',
    what: 'UDP, another machine',
    trouble: clientTrouble('ECONNREFUSED', { transport: 'udp', host: device, port: 5_000 }, { call: 'recv' }),
  },
  {
    of: 'refused',
    what: 'a system without tables, a server on the other family',
    trouble: clientTrouble('ECONNREFUSED', { port: 5_000 }),
    facts: { answers: { '::1:5000': '' }, system: { platform: 'darwin', sockets: async () => undefined } },
  },
  {
    of: 'in use',
    what: 'another program holds the port',
    trouble: serverTrouble('EADDRINUSE', { port: 8_080 }),
    facts: { ...python, tcp: [tableSocket({ host: '0.0.0.0', port: 8_080 })] },
  },
  {
    of: 'in use',
    what: 'another server of this Wirebench holds it, on one address',
    trouble: serverTrouble('EADDRINUSE', { port: 8_080, host: '0.0.0.0' }),
    facts: { holders: { '7': { pid: 100, name: 'node' } }, tcp: [tableSocket({ port: 8_080 })] },
  },
  {
    of: 'in use',
    what: 'a program of another user holds it',
    trouble: serverTrouble('EADDRINUSE', { port: 8_080 }),
    facts: { tcp: [tableSocket({ host: '::', port: 8_080, userId: 33 })] },
  },
  {
    of: 'in use',
    what: 'it is held for IPv4, and :: is asked for',
    trouble: serverTrouble('EADDRINUSE', { port: 8_080, host: '::' }),
    facts: { ...python, tcp: [tableSocket({ host: '0.0.0.0', port: 8_080 })] },
  },
  {
    of: 'in use',
    what: 'it has just been given back',
    trouble: serverTrouble('EADDRINUSE', { port: 8_080 }),
    facts: { tcp: [tableSocket({ port: 8_080, state: 'ended' })] },
  },
  {
    of: 'in use',
    what: 'UDP, a multicast group',
    trouble: serverTrouble('EADDRINUSE', {
      transport: 'udp',
      host: '0.0.0.0',
      port: 5_353,
      udp: { ...udp, group: '224.0.0.251' },
    }),
    facts: {
      holders: { '7': { pid: 612, name: 'avahi-daemon' } },
      udp: [tableSocket({ host: '0.0.0.0', port: 5_353, state: 'bound' })],
    },
  },
  {
    of: 'in use',
    what: 'a client’s local port',
    trouble: clientTrouble('EADDRINUSE', { localHost: '127.0.0.1', localPort: 4_000 }, { call: 'bind' }),
    facts: { ...python, tcp: [tableSocket({ port: 4_000 })] },
  },
  {
    of: 'in use',
    what: 'no port is left to choose from',
    trouble: serverTrouble('EADDRINUSE', { port: 0 }),
  },
  {
    of: 'not available',
    what: 'a server on an address of another machine',
    trouble: serverTrouble('EADDRNOTAVAIL', { host: '10.0.0.9' }),
  },
  {
    of: 'not available',
    what: 'a server on a name of another machine',
    trouble: serverTrouble('EADDRNOTAVAIL', { host: 'example.com' }),
    facts: { names: { 'example.com': ['93.184.215.14'] } },
  },
  {
    of: 'not available',
    what: 'IPv6 is off',
    trouble: serverTrouble('EADDRNOTAVAIL', { host: '::1' }),
    facts: { interfaces: [loopback4, ethernet] },
  },
  {
    of: 'not available',
    what: 'a client from an address of another machine',
    trouble: clientTrouble('EADDRNOTAVAIL', { localHost: '10.0.0.9' }, { call: 'bind' }),
  },
  {
    of: 'not available',
    what: 'a client from a name',
    trouble: clientTrouble('EADDRNOTAVAIL', { localHost: 'my-machine' }, { call: 'bind' }),
  },
  {
    of: 'not available',
    what: 'a client from an address of the other family',
    trouble: clientTrouble('EINVAL', { localHost: '::1' }),
  },
  {
    of: 'not available',
    what: 'a client from the loopback to another machine',
    trouble: clientTrouble('EINVAL', { host: device, localHost: '127.0.0.1' }),
  },
  {
    of: 'not available',
    what: 'a client from the port of a connection that has just ended',
    trouble: clientTrouble('EADDRNOTAVAIL', { host: device, port: 5_000, localPort: 4_000 }),
    facts: { tcp: [tableSocket({ port: 4_000, state: 'ended' })] },
  },
  {
    of: 'not available',
    what: 'a client for which no local port is left',
    trouble: clientTrouble('EADDRNOTAVAIL', { host: device, port: 5_000 }),
    facts: { tcp: [tableSocket({ port: 40_000, state: 'ended' })] },
  },
  {
    of: 'not available',
    what: 'a multicast group on an interface that is not there',
    trouble: serverTrouble('ENODEV', {
      transport: 'udp',
      udp: { ...udp, group: '239.1.2.3', multicastInterface: '10.9.9.9' },
    }),
  },
  {
    of: 'not available',
    what: 'a multicast group that is none',
    trouble: serverTrouble('EADDRNOTAVAIL', { transport: 'udp', udp: { ...udp, group: '192.168.1.9' } }),
  },
  { of: 'denied', what: 'a port for administrators', trouble: serverTrouble('EACCES', { port: 80 }) },
  {
    of: 'denied',
    what: 'a broadcast without its option',
    trouble: clientTrouble('EACCES', { transport: 'udp', host: '192.168.1.255' }),
  },
  { of: 'denied', what: 'TCP to a broadcast address', trouble: clientTrouble('EACCES', { host: '192.168.1.255' }) },
  { of: 'denied', what: 'a firewall of this machine', trouble: clientTrouble('EPERM', { host: device, port: 5_000 }) },
  {
    of: 'denied',
    what: 'a port that Windows keeps',
    trouble: serverTrouble('EACCES', { port: 5_000 }),
    facts: { system: { platform: 'win32', unprivilegedPort: async () => 0 } },
  },
  {
    of: 'unreachable',
    what: 'this machine is on no network',
    trouble: clientTrouble('ENETUNREACH', { host: device }),
    facts: { interfaces: [loopback4, loopback6] },
  },
  {
    of: 'unreachable',
    what: 'an IPv6 address, and this machine has none to the outside',
    trouble: clientTrouble('ENETUNREACH', { host: 'example.com' }, { tried: ['2606:4700::6810:84e5'] }),
    facts: { names: { 'example.com': ['2606:4700::6810:84e5', '104.16.132.229'] } },
  },
  {
    of: 'unreachable',
    what: 'another address of the name answers',
    trouble: clientTrouble('EHOSTUNREACH', { host: 'device.lan', port: 5_000 }, { tried: ['10.0.0.9'] }),
    facts: { names: { 'device.lan': ['10.0.0.9', device] }, answers: { [`${device}:5000`]: '' } },
  },
  {
    of: 'unreachable',
    what: 'an address of our own network',
    trouble: clientTrouble('EHOSTUNREACH', { host: device }),
  },
  { of: 'unreachable', what: 'TCP to a multicast group', trouble: clientTrouble('ENETUNREACH', { host: '239.1.2.3' }) },
  { of: 'unreachable', what: 'an address elsewhere', trouble: clientTrouble('EHOSTUNREACH', { host: '10.0.0.9' }) },
  {
    of: 'timed out',
    what: 'a server of this machine that does not accept',
    trouble: clientTrouble('ETIMEDOUT', { port: 5_000 }),
    facts: { ...python, tcp: [tableSocket({ port: 5_000, waiting: 6 })] },
  },
  {
    of: 'timed out',
    what: 'a firewall of this machine',
    trouble: clientTrouble('ETIMEDOUT', { port: 5_000 }),
    facts: { ...python, tcp: [tableSocket({ port: 5_000 })] },
  },
  {
    of: 'timed out',
    what: 'this machine, and nobody listens',
    trouble: clientTrouble('ETIMEDOUT', { port: 5_000 }),
  },
  {
    of: 'timed out',
    what: 'another address of the name answers',
    trouble: clientTrouble('ETIMEDOUT', { host: 'device.lan', port: 5_000 }, { tried: ['10.0.0.9'] }),
    facts: { names: { 'device.lan': ['10.0.0.9', device] }, answers: { [`${device}:5000`]: '' } },
  },
  { of: 'timed out', what: 'our own network', trouble: clientTrouble('ETIMEDOUT', { host: device, port: 5_000 }) },
  { of: 'timed out', what: 'a private address', trouble: clientTrouble('ETIMEDOUT', { host: '10.0.0.9' }) },
  { of: 'timed out', what: 'an address of books', trouble: clientTrouble('ETIMEDOUT', { host: '203.0.113.5' }) },
  {
    of: 'timed out',
    what: 'a public address',
    trouble: clientTrouble('ETIMEDOUT', { host: '93.184.215.14', port: 5_000 }),
  },
  {
    of: 'timed out',
    what: 'a TLS handshake with a server of ours that does not accept',
    trouble: clientTrouble('ETIMEDOUT', { transport: 'tls', port: 8_883 }, { call: 'handshake' }),
    facts: { holders: { '7': { pid: 100, name: 'node' } }, tcp: [tableSocket({ port: 8_883, waiting: 1 })] },
  },
  { of: 'timed out', what: 'a TLS handshake', trouble: clientTls('ETIMEDOUT') },
  { of: 'timed out', what: 'a WebSocket handshake', trouble: webSocket('ETIMEDOUT', '') },
  {
    of: 'timed out',
    what: 'a local socket that is not accepted',
    trouble: clientTrouble('ETIMEDOUT', { transport: 'local', path: '/run/app/app.sock' }),
  },
  {
    of: 'name not found',
    what: 'nobody knows the name',
    trouble: clientTrouble('ENOTFOUND', { host: 'devcie.example.com' }, { call: 'getaddrinfo' }),
  },
  {
    of: 'name not found',
    what: 'the name resolves with .local',
    trouble: clientTrouble('ENOTFOUND', { host: 'printer' }, { call: 'getaddrinfo' }),
    facts: { names: { 'printer.local': ['192.168.1.9'] } },
  },
  {
    of: 'name not found',
    what: 'the name resolves without its ending',
    trouble: clientTrouble('ENOTFOUND', { host: 'printer.lan' }, { call: 'getaddrinfo' }),
    facts: { names: { printer: ['192.168.1.9'] } },
  },
  {
    of: 'name not found',
    what: 'an ending that nobody has',
    trouble: clientTrouble('ENOTFOUND', { host: 'device.invalid' }, { call: 'getaddrinfo' }),
  },
  {
    of: 'name not found',
    what: 'no name server',
    trouble: clientTrouble('EAI_AGAIN', { host: 'example.com' }, { call: 'getaddrinfo' }),
    facts: { system: { nameServers: async () => [] } },
  },
  {
    of: 'name not found',
    what: 'the name server is silent',
    trouble: clientTrouble('EAI_AGAIN', { host: 'example.com' }, { call: 'getaddrinfo' }),
  },
  {
    of: 'name not found',
    what: 'no name resolves at all',
    trouble: clientTrouble('ENOTFOUND', { host: 'example.com' }, { call: 'getaddrinfo' }),
    facts: { names: { localhost: [] } },
  },
  {
    of: 'name not found',
    what: 'a name without an address',
    trouble: clientTrouble('ENODATA', { host: 'example.com' }, { call: 'getaddrinfo' }),
  },
  {
    of: 'name not found',
    what: 'the name resolves by now',
    trouble: clientTrouble('EAI_AGAIN', { host: 'example.com' }, { call: 'getaddrinfo' }),
    facts: { names: { 'example.com': ['93.184.215.14'] } },
  },
  { of: 'certificate', what: 'signed by itself', trouble: believed('DEPTH_ZERO_SELF_SIGNED_CERT') },
  { of: 'certificate', what: 'of an unknown authority', trouble: believed('UNABLE_TO_VERIFY_LEAF_SIGNATURE') },
  {
    of: 'certificate',
    what: 'expired',
    trouble: believed('CERT_HAS_EXPIRED', { ...fakeCertificate, validTo: Date.UTC(2026, 0, 31) }),
  },
  {
    of: 'certificate',
    what: 'not valid yet, by hours',
    trouble: believed('CERT_NOT_YET_VALID', { ...fakeCertificate, validFrom: Date.UTC(2026, 2, 2) }),
  },
  {
    of: 'certificate',
    what: 'not valid yet, by months',
    trouble: believed('CERT_NOT_YET_VALID', { ...fakeCertificate, validFrom: Date.UTC(2026, 7, 1) }),
  },
  { of: 'certificate', what: 'for another name', trouble: believed('ERR_TLS_CERT_ALTNAME_INVALID') },
  { of: 'certificate', what: 'revoked', trouble: believed('CERT_REVOKED') },
  { of: 'certificate', what: 'too weak', trouble: believed('EE_KEY_TOO_SMALL') },
  { of: 'certificate', what: 'not for servers', trouble: believed('INVALID_PURPOSE') },
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
    what: 'a client certificate is wanted',
    trouble: clientTls('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'),
  },
  {
    of: 'TLS terms',
    what: 'the client certificate is not believed',
    trouble: clientTls('ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', { certificate: 'me.pem', key: 'me.key' }),
  },
  { of: 'TLS terms', what: 'the handshake is ended', trouble: clientTls('ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE') },
  {
    of: 'TLS terms',
    what: 'the key is of another certificate',
    trouble: serverTrouble('ERR_OSSL_X509_KEY_VALUES_MISMATCH', { transport: 'tls' }),
  },
  {
    of: 'TLS terms',
    what: 'the key is locked',
    trouble: serverTrouble('ERR_OSSL_BAD_DECRYPT', { transport: 'tls' }),
  },
  {
    of: 'TLS terms',
    what: 'the file is no PEM',
    trouble: serverTrouble('ERR_OSSL_PEM_NO_START_LINE', { transport: 'tls' }),
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
    what: 'WebSocket to a path that is not there',
    trouble: webSocket('ERR_HTTP_STATUS', '404 Not Found', { path: '/live' }),
  },
  { of: 'wrong protocol', what: 'WebSocket to a web server', trouble: webSocket('ERR_HTTP_STATUS', '200 OK') },
  {
    of: 'wrong protocol',
    what: 'WebSocket to a server that sends elsewhere',
    trouble: webSocket('ERR_HTTP_STATUS', '301 Moved Permanently'),
  },
  {
    of: 'wrong protocol',
    what: 'WebSocket that needs a login',
    trouble: webSocket('ERR_HTTP_STATUS', '401 Unauthorized'),
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
    trouble: webSocket('UNKNOWN', 'Server sent no subprotocol', { protocols: ['chat'] }),
  },
  { of: 'ended at once', what: 'during the TLS handshake', trouble: clientTls('ECONNRESET') },
  {
    of: 'ended at once',
    what: 'TCP to a TLS port',
    trouble: clientTrouble('ECONNRESET', { host: device, port: 8_883 }),
    facts: { tls: [`${device}:8883`] },
  },
  { of: 'ended at once', what: 'TCP', trouble: clientTrouble('ECONNRESET', { host: device, port: 5_000 }) },
  { of: 'too many open files', what: 'of this program', trouble: clientTrouble('EMFILE') },
  { of: 'too many open files', what: 'of the whole system', trouble: clientTrouble('ENFILE') },
  {
    of: 'datagram too long',
    what: 'over IPv4',
    trouble: clientTrouble('EMSGSIZE', { transport: 'udp' }, { call: 'send' }),
  },
  {
    of: 'option not available',
    what: 'sharing a port',
    trouble: serverTrouble('ENOTSUP', { ...defaultServer, bind: { ...bind, reusePort: true } }),
    facts: { system: { platform: 'darwin' } },
  },
];
