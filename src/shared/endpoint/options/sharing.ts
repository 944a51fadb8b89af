import { bothRoles, clients, endpointOption, overIp, overUdp, platformName, servers } from './option.ts';
import { flag } from './value-schema.ts';

/** SO_REUSEADDR of UDP: TCP servers always have it. */
export const reuseAddress = endpointOption({
  path: 'bind.reuseAddress',
  label: 'Reuse the address (SO_REUSEADDR)',
  schema: flag,
  default: false,
  transports: overUdp,
  roles: bothRoles,
  row: {
    group: 'UDP and multicast',
    help: 'Several sockets may bind() the same address and port, as multicast listeners do.',
    aliases: 'SO_REUSEADDR',
  },
  flags: [{ spelling: '--reuse-address', group: 'UDP:', help: 'share the address with other sockets (SO_REUSEADDR)' }],
  onSystem: () => ({ value: 'off' }),
});

export const reusePortOfServer = endpointOption({
  path: 'bind.reusePort',
  label: 'Share the port (SO_REUSEPORT)',
  schema: flag,
  default: false,
  transports: overIp,
  roles: servers,
  row: {
    group: 'Server',
    help: 'Several programs bind() the same port, and the system distributes connections and datagrams among them.',
    aliases: 'SO_REUSEPORT exclusive',
  },
  flags: [{ spelling: '--reuse-port', group: 'Sockets:', help: 'share the port with other programs (SO_REUSEPORT)' }],
  onSystem: ({ platform }) => ({
    value: 'off',
    unavailable: ['win32', 'darwin', 'openbsd', 'netbsd'].includes(platform)
      ? `Node does not share ports on ${platformName(platform)}`
      : undefined,
  }),
});

export const reusePortOfClient = endpointOption({
  ...reusePortOfServer,
  transports: overUdp,
  roles: clients,
  row: { ...reusePortOfServer.row, group: 'UDP and multicast', help: 'Several programs bind() the same port.' },
});
