import { defaultServer } from '#shared/endpoint/endpoint-config.ts';
import { clientTrouble, fakeInterfaces, serverTrouble, tableSocket } from '#support/fake-doctor-system.ts';
import type { Situation } from './situation.ts';

const { loopback4, loopback6, ethernet, linkLocal } = fakeInterfaces;
const python = { holders: { '7': { pid: 4_242, name: 'python3' } } };
/** The failure of reading a file. */
const opening = { call: 'open' } as const;
const device = '192.168.1.50';

/** Situations on this machine: typing errors, paths, files, ports, permissions and limits. */
export const openingSituations: readonly Situation[] = [
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
    what: 'a part of the address is missing, and the system reads it as another address',
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
    what: 'connecting, the folder does not exist',
    trouble: clientTrouble('ENOENT', { transport: 'local', path: '/run/app/app.sock' }),
    facts: { path: { folderExists: false } },
  },
  {
    of: 'local socket',
    what: 'connecting, the server has ended and left its file',
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
    what: 'connecting, the socket belongs to another user',
    trouble: clientTrouble('EACCES', { transport: 'local', path: '/run/app/app.sock' }),
    facts: { path: { kind: 'socket', writable: false } },
  },
  {
    of: 'local socket',
    what: 'connecting, the socket is a datagram socket',
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
    what: 'listening, the folder does not exist',
    trouble: serverTrouble('EACCES', { transport: 'local', path: '/run/app/app.sock' }),
    facts: { path: { folderExists: false } },
  },
  {
    of: 'local socket',
    what: 'listening, the folder belongs to another user',
    trouble: serverTrouble('EACCES', { transport: 'local', path: '/run/app/app.sock' }),
    facts: { path: { folderWritable: false } },
  },
  {
    of: 'local socket',
    what: 'connecting, no permission to search a folder above',
    trouble: clientTrouble('EACCES', { transport: 'local', path: '/run/app/app.sock' }),
    facts: { path: { kind: 'unseen', folderExists: false, closed: { folder: '/run/app', owner: 'root' } } },
  },
  {
    of: 'local socket',
    what: 'the path is too long',
    trouble: serverTrouble('EINVAL', { transport: 'local', path: `/run/app/${'a'.repeat(120)}.sock` }),
  },
  {
    of: 'certificate files',
    what: 'the key does not exist',
    trouble: serverTrouble('ENOENT', { transport: 'tls', tls: { key: '/etc/app/key.pem' } }, opening),
  },
  {
    of: 'certificate files',
    what: 'no permission to read the key',
    trouble: serverTrouble('EACCES', { transport: 'tls', tls: { key: '/etc/app/key.pem' } }, opening),
    facts: { path: { kind: 'file', readable: false } },
  },
  {
    of: 'certificate files',
    what: 'the CA is a folder',
    trouble: clientTrouble('EISDIR', { transport: 'tls', tls: { ca: '/etc/ssl/certs' } }, opening),
    facts: { path: { kind: 'folder' } },
  },
  {
    of: 'certificate files',
    what: 'the file is too long for a certificate',
    trouble: serverTrouble(
      'EFBIG',
      { transport: 'tls', tls: { certificate: '/var/log/syslog', key: '/etc/app/key.pem' } },
      opening,
    ),
    facts: { path: { kind: 'file' } },
  },
  {
    of: 'certificate files',
    what: 'no permission to search a folder above',
    trouble: serverTrouble('EACCES', { transport: 'tls', tls: { key: '/etc/app/key.pem' } }, opening),
    facts: { path: { kind: 'unseen', closed: { folder: '/etc/app', owner: 'root' } } },
  },
  {
    of: 'certificate files',
    what: 'no file is set, and the certificate that Wirebench creates cannot be saved',
    trouble: serverTrouble('EACCES', { transport: 'tls' }, opening),
  },
  {
    of: 'link-local address',
    what: 'without its interface',
    trouble: clientTrouble('EINVAL', { host: 'fe80::1' }),
    facts: { interfaces: [loopback4, loopback6, ethernet, linkLocal] },
  },
  {
    of: 'link-local address',
    what: 'with an interface that does not exist',
    trouble: serverTrouble('EINVAL', { host: 'fe80::5%wlan0' }),
    facts: { interfaces: [loopback4, loopback6, ethernet, linkLocal] },
  },
  {
    of: 'in use',
    what: 'another program has the port open',
    trouble: serverTrouble('EADDRINUSE', { port: 8_080 }),
    facts: { ...python, tcp: [tableSocket({ host: '0.0.0.0', port: 8_080 })] },
  },
  {
    of: 'in use',
    what: 'another server of this Wirebench has it open on one address',
    trouble: serverTrouble('EADDRINUSE', { port: 8_080, host: '0.0.0.0' }),
    facts: { holders: { '7': { pid: 100, name: 'node' } }, tcp: [tableSocket({ port: 8_080 })] },
  },
  {
    of: 'in use',
    what: 'a program of another user has it open',
    trouble: serverTrouble('EADDRINUSE', { port: 8_080 }),
    facts: { tcp: [tableSocket({ host: '::', port: 8_080, userId: 33 })] },
  },
  {
    of: 'in use',
    what: 'it is open for IPv4, and :: is requested',
    trouble: serverTrouble('EADDRINUSE', { port: 8_080, host: '::' }),
    facts: { ...python, tcp: [tableSocket({ host: '0.0.0.0', port: 8_080 })] },
  },
  {
    of: 'in use',
    what: 'it has just been closed',
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
      udp: { group: '224.0.0.251' },
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
    what: 'no port is left to select from',
    trouble: serverTrouble('EADDRINUSE', { port: 0 }),
  },
  { of: 'denied', what: 'a privileged port', trouble: serverTrouble('EACCES', { port: 80 }) },
  {
    of: 'denied',
    what: 'a broadcast without its option',
    trouble: clientTrouble('EACCES', { transport: 'udp', host: '192.168.1.255' }),
  },
  { of: 'denied', what: 'TCP to a broadcast address', trouble: clientTrouble('EACCES', { host: '192.168.1.255' }) },
  { of: 'denied', what: 'a firewall of this machine', trouble: clientTrouble('EPERM', { host: device, port: 5_000 }) },
  {
    of: 'denied',
    what: 'a port that Windows reserves',
    trouble: serverTrouble('EACCES', { port: 5_000 }),
    facts: { system: { platform: 'win32', unprivilegedPort: async () => 0 } },
  },
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
    trouble: serverTrouble('ENOTSUP', { ...defaultServer, bind: { reusePort: true } }),
    facts: { system: { platform: 'darwin' } },
  },
];
