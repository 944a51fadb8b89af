import { endpointOption, notUdp, servers } from './option.ts';
import { notReported } from './system-facts.ts';
import { whole } from './value-schema.ts';

/** What Node asks for where nothing is said. */
const usual = 511;

export const backlog = endpointOption({
  path: 'backlog',
  label: 'Backlog',
  schema: whole(1, 65_535),
  default: usual,
  transports: notUdp,
  roles: servers,
  row: {
    group: 'Server',
    help: 'The argument of listen(): how many connections may wait for accept(). The system has its own maximum.',
    aliases: 'listen queue somaxconn pending',
  },
  flags: [
    {
      spelling: '--backlog <n>',
      group: 'Sockets:',
      help: `maximum connections that wait for accept() (${usual})`,
    },
  ],
  onSystem: ({ maxBacklog }) => ({
    value:
      maxBacklog === undefined
        ? `${usual}; system maximum: ${notReported}`
        : `${usual}; system maximum: ${maxBacklog} (net.core.somaxconn)`,
  }),
});
