import type { TlsOptions } from '#shared/endpoint/endpoint-config.ts';
import type { WsChanges } from '#support/config.ts';
import { clientTrouble, fakeInterfaces, serverTrouble, tableSocket } from '#support/fake-doctor-system.ts';
import type { Situation } from './situation.ts';

const { loopback4, loopback6, ethernet } = fakeInterfaces;
const python = { holders: { '7': { pid: 4_242, name: 'python3' } } };
const device = '192.168.1.50';
const clientTls = (errno: string, part: Partial<TlsOptions> = {}, more = {}) =>
  clientTrouble(
    errno,
    { transport: 'tls', host: device, port: 8_883, tls: { ...part } },
    { call: 'handshake', ...more },
  );
const webSocket = (errno: string, text: string, part: WsChanges = {}) =>
  clientTrouble(errno, { transport: 'ws', host: device, port: 8_080, ws: { ...part } }, { call: 'handshake', text });

/** Situations while an address is being reached. */
export const reachingSituations: readonly Situation[] = [
  {
    of: 'refused',
    what: 'nothing listens on this machine',
    trouble: clientTrouble('ECONNREFUSED', { port: 5_000 }),
  },
  {
    of: 'refused',
    what: 'the server listens on the other address family',
    trouble: clientTrouble('ECONNREFUSED', { port: 5_000 }),
    facts: { ...python, tcp: [tableSocket({ host: '::1', port: 5_000 })] },
  },
  {
    of: 'refused',
    what: 'the server listens on 127.0.0.1, and the client connects to the network address',
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
    what: 'a server listens on a similar port',
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
    what: 'another machine, which is reachable',
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
    what: 'a system without tables, a server on the other address family',
    trouble: clientTrouble('ECONNREFUSED', { port: 5_000 }),
    facts: { answers: { '::1:5000': '' }, system: { platform: 'darwin', sockets: async () => undefined } },
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
    what: 'a client from an address of the other address family',
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
    what: 'a multicast group on an interface that does not exist',
    trouble: serverTrouble('ENODEV', {
      transport: 'udp',
      udp: { group: '239.1.2.3', multicastInterface: '10.9.9.9' },
    }),
  },
  {
    of: 'not available',
    what: 'a group that is not a multicast address',
    trouble: serverTrouble('EADDRNOTAVAIL', { transport: 'udp', udp: { group: '192.168.1.9' } }),
  },
  {
    of: 'unreachable',
    what: 'this machine has no network',
    trouble: clientTrouble('ENETUNREACH', { host: device }),
    facts: { interfaces: [loopback4, loopback6] },
  },
  {
    of: 'unreachable',
    what: 'an IPv6 address, and this machine has link-local ones only',
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
    what: 'an address of the same network',
    trouble: clientTrouble('EHOSTUNREACH', { host: device }),
  },
  { of: 'unreachable', what: 'TCP to a multicast group', trouble: clientTrouble('ENETUNREACH', { host: '239.1.2.3' }) },
  {
    of: 'unreachable',
    what: 'an address of another network',
    trouble: clientTrouble('EHOSTUNREACH', { host: '10.0.0.9' }),
  },
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
    what: 'this machine, and nothing listens',
    trouble: clientTrouble('ETIMEDOUT', { port: 5_000 }),
  },
  {
    of: 'timed out',
    what: 'another address of the name answers',
    trouble: clientTrouble('ETIMEDOUT', { host: 'device.lan', port: 5_000 }, { tried: ['10.0.0.9'] }),
    facts: { names: { 'device.lan': ['10.0.0.9', device] }, answers: { [`${device}:5000`]: '' } },
  },
  { of: 'timed out', what: 'the same network', trouble: clientTrouble('ETIMEDOUT', { host: device, port: 5_000 }) },
  { of: 'timed out', what: 'a private address', trouble: clientTrouble('ETIMEDOUT', { host: '10.0.0.9' }) },
  {
    of: 'timed out',
    what: 'an address for documentation',
    trouble: clientTrouble('ETIMEDOUT', { host: '203.0.113.5' }),
  },
  {
    of: 'timed out',
    what: 'a public address',
    trouble: clientTrouble('ETIMEDOUT', { host: '93.184.215.14', port: 5_000 }),
  },
  {
    of: 'timed out',
    what: 'a TLS handshake with a server of this Wirebench that does not accept',
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
    what: 'the name does not exist',
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
    what: 'the name resolves without its suffix',
    trouble: clientTrouble('ENOTFOUND', { host: 'printer.lan' }, { call: 'getaddrinfo' }),
    facts: { names: { printer: ['192.168.1.9'] } },
  },
  {
    of: 'name not found',
    what: 'a reserved suffix',
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
    what: 'the name server does not answer',
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
    what: 'the name now resolves',
    trouble: clientTrouble('EAI_AGAIN', { host: 'example.com' }, { call: 'getaddrinfo' }),
    facts: { names: { 'example.com': ['93.184.215.14'] } },
  },
];
