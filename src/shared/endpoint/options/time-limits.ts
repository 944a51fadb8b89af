import { anyTransport, bothRoles, endpointOption } from './option.ts';
import { day, whole } from './value-schema.ts';

const group = 'Limits';

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
