import { endpointOption, notReported, notUdp, servers } from './option.ts';
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
    help: 'Maximum number of connections waiting for accept(): the argument of listen(). The system may lower it.',
    aliases: 'listen queue somaxconn pending',
  },
  flags: [
    {
      spelling: '--backlog <n>',
      group: 'Sockets:',
      help: `maximum number of connections waiting for accept() (default: ${usual})`,
    },
  ],
  onSystem: ({ maxBacklog }) => ({
    value:
      maxBacklog === undefined
        ? `${usual}; system maximum: ${notReported}`
        : `${usual}; system maximum: ${maxBacklog} (net.core.somaxconn)`,
  }),
});
