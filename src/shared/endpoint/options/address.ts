import { anyTransport, bothRoles, clients, endpointOption, overIp, overLocal, servers } from './option.ts';
import { filePath, text, whole } from './value-schema.ts';

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
