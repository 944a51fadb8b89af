import { bothRoles, endpointOption, overTcp } from './option.ts';
import { flag } from './value-schema.ts';

export const noDelay = endpointOption({
  path: 'tcp.noDelay',
  label: 'Send small segments immediately (TCP_NODELAY)',
  schema: flag,
  default: true,
  transports: overTcp,
  roles: bothRoles,
  row: {
    group: 'TCP',
    help: 'Each send() leaves immediately. When off, the kernel collects small segments until the peer acknowledges earlier ones (Nagle’s algorithm).',
    aliases: 'TCP_NODELAY nagle no delay',
  },
  flags: [
    {
      spelling: '--nagle',
      group: 'Sockets:',
      help: 'combine small segments before sending: turns TCP_NODELAY off',
      sets: () => ({ 'tcp.noDelay': false }),
    },
  ],
  onSystem: () => ({ value: 'on (TCP_NODELAY); system setting: off (Nagle’s algorithm)' }),
});
