import {
  anyTransport,
  bothRoles,
  clients,
  endpointOption,
  overIp,
  overLocal,
  overUdp,
  platformName,
  servers,
} from './option.ts';
import { filePath, flag, text, whole } from './value-schema.ts';

const nameRow = {
  group: 'Messages and framing',
  help: 'Name shown in tabs, records and filters. If empty: the address in tabs, the role in records and filters.',
  placeholder: 'the address',
} as const;
const nameSchema = text(120, (name) => (name === '' ? 'Enter a name' : undefined));

export const nameOfServer = endpointOption({
  path: 'name',
  label: 'Name',
  schema: nameSchema,
  default: 'server',
  transports: anyTransport,
  roles: servers,
  changeable: true,
  row: nameRow,
});

export const nameOfClient = endpointOption({
  ...nameOfServer,
  default: 'client',
  roles: clients,
});

/** A name or an IPv4 or IPv6 address, without brackets. */
export const host = endpointOption({
  path: 'host',
  label: 'Host',
  schema: text(255, (typed) => {
    if (typed === '') return 'Enter a host';
    return typed.includes('@') ? 'A host has no user name or password: add a header for them' : undefined;
  }),
  default: '127.0.0.1',
  transports: overIp,
  roles: bothRoles,
});

export const portOfServer = endpointOption({
  path: 'port',
  label: 'Port',
  schema: whole(0, 65_535),
  default: 12_345,
  transports: overIp,
  roles: servers,
});

export const portOfClient = endpointOption({
  ...portOfServer,
  schema: whole(1, 65_535),
  roles: clients,
});

/** Of a local socket: its path, or on Windows its pipe. */
export const path = endpointOption({
  path: 'path',
  label: 'Path',
  schema: filePath,
  default: '',
  transports: overLocal,
  roles: bothRoles,
  check: ({ path: typed }) => (typed === '' ? 'Enter a path' : undefined),
});

const localGroup = 'Connection and local address';

export const localHost = endpointOption({
  path: 'localHost',
  label: 'Local address',
  schema: text(255),
  default: '',
  transports: overIp,
  roles: clients,
  row: {
    group: localGroup,
    help: 'The address to bind() before connect(). Empty: selected by the system.',
    placeholder: 'any',
    aliases: 'bind source interface',
  },
  flags: [{ spelling: '--from <host>', group: 'Sockets:', help: 'local address to connect from' }],
  onSystem: () => ({ value: 'address of the interface that routes to the peer' }),
});

export const localPort = endpointOption({
  path: 'localPort',
  label: 'Local port',
  schema: whole(0, 65_535),
  default: 0,
  transports: overIp,
  roles: clients,
  row: {
    group: localGroup,
    help: 'The port to bind() before connect(). 0: selected by the system.',
    aliases: 'bind source from-port ephemeral',
  },
  flags: [{ spelling: '--from-port <n>', group: 'Sockets:', help: 'local port to connect from' }],
  onSystem: ({ localPorts }) => ({
    value: localPorts
      ? `${localPorts[0]}–${localPorts[1]}, selected by the system (ip_local_port_range)`
      : 'any, selected by the system',
  }),
});

export const ipv6Only = endpointOption({
  path: 'bind.ipv6Only',
  label: 'IPv6 only',
  schema: flag,
  default: false,
  transports: overIp,
  roles: servers,
  row: {
    group: 'Server',
    help: 'When on, binding to :: does not accept IPv4 clients.',
    aliases: 'IPV6_V6ONLY dual stack',
  },
  flags: [{ spelling: '--ipv6-only', group: 'Sockets:', help: 'do not accept IPv4 connections on “::”' }],
  onSystem: ({ ipv6Only: system }) => ({
    value: `off (TCP); ${
      system === undefined ? 'system setting' : `system setting, ${system === 1 ? 'on' : 'off'} (net.ipv6.bindv6only)`
    } (UDP)`,
  }),
});

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
