import { clients, endpointOption, overIp } from './option.ts';
import { text, whole } from './value-schema.ts';

const group = 'Connection and local address';

export const localHost = endpointOption({
  path: 'localHost',
  label: 'Local address',
  schema: text(255),
  default: '',
  transports: overIp,
  roles: clients,
  row: {
    group,
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
    group,
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
