import { anyTransport, bothRoles, endpointOption, notReported, notUdp, servers } from './option.ts';
import { day, whole } from './value-schema.ts';

const group = 'Limits';
const mebibyte = 1_048_576;

/** The longest message that framing waits for. Bytes. */
export const maxMessage = endpointOption({
  path: 'limits.maxMessage',
  label: 'Maximum message size (bytes)',
  schema: whole(1_024, 512 * mebibyte, 'bytes'),
  default: 16 * mebibyte,
  transports: notUdp,
  roles: bothRoles,
  row: {
    group,
    help: 'A longer message is truncated, and its record is marked.',
    aliases: 'maxMessage longest',
  },
  flags: [
    {
      spelling: '--max-message <bytes>',
      group: 'Messages:',
      help: 'maximum message size (default: 16 MiB); a longer message is recorded in pieces, a larger length field is malformed (except with http and lsp)',
    },
  ],
});

/** Bytes that may wait to be sent on one socket. */
export const maxQueued = endpointOption({
  path: 'limits.maxQueued',
  label: 'Maximum send queue (bytes)',
  schema: whole(65_536, 1_024 * mebibyte, 'bytes'),
  default: 64 * mebibyte,
  transports: anyTransport,
  roles: bothRoles,
  row: {
    group,
    help: 'When the kernel’s send buffer is full, send() accepts only part of the data; the rest waits here.',
    aliases: 'queue SO_SNDBUF',
  },
});

/** Connections (UDP: peers) that a server has at the same time. */
export const maxConnections = endpointOption({
  path: 'limits.maxConnections',
  label: 'Maximum connections',
  schema: whole(1, 100_000),
  default: 20_000,
  transports: anyTransport,
  roles: servers,
  row: {
    group,
    help: 'Each accept() returns a new socket; further connections are refused.',
    aliases: 'maxConnections peers',
  },
  flags: [
    {
      spelling: '--max-connections <n>',
      group: 'Sockets:',
      help: 'maximum number of simultaneous connections, or of UDP peers (default: 20000)',
    },
  ],
  onSystem: ({ openFiles }) => ({
    value:
      openFiles === undefined
        ? notReported
        : `20000; system limit: ${openFiles} open files and sockets of this program (RLIMIT_NOFILE)`,
  }),
});

/** How long a new connection may stay silent before it is closed; 0: never. */
export const firstByte = endpointOption({
  path: 'limits.firstByteMs',
  label: 'First-byte timeout (ms)',
  schema: whole(0, day, 'ms'),
  default: 0,
  transports: anyTransport,
  roles: bothRoles,
  row: {
    group,
    help: 'Closes a new connection when its first recv() takes longer than this; 0 = never.',
    aliases: 'firstByteMs timeout first byte',
  },
  flags: [
    {
      spelling: '--first-byte <ms>',
      group: 'Sockets:',
      help: 'close a new connection if the peer sends nothing for this time',
    },
  ],
});

/** How long a connection may be without traffic before it is closed; 0: never. */
export const idle = endpointOption({
  path: 'limits.idleMs',
  label: 'Idle timeout (ms)',
  schema: whole(0, day, 'ms'),
  default: 0,
  transports: anyTransport,
  roles: bothRoles,
  row: {
    group,
    help: 'Closes a socket after this time without traffic; 0 = never.',
    aliases: 'idle timeout settimeout',
  },
  flags: [{ spelling: '--idle <ms>', group: 'Sockets:', help: 'close a connection after this time without traffic' }],
  onSystem: () => ({
    value: 'never; the system keeps an idle connection open unless keep-alive probes fail',
  }),
});
