import type { EndpointView } from '#shared/contract/models.ts';
import type { EndpointConfig } from '#shared/endpoint/endpoint-config.ts';
import { formatHostPort } from '#shared/socket/address.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import { shortAddress } from '../ui/address.ts';

/** How lists and tabs name an endpoint. */
interface EndpointTitle {
  /** The user's name for it. Without one, its transport; empty for plain TCP. */
  readonly name: string;
  /** The address where it listens or connects to, or the path of a local socket. */
  readonly address: string;
}

/** Returns the user's name for an endpoint; empty if it has only its default name, its role. */
export function ownName({ name, role }: Pick<EndpointConfig, 'name' | 'role'>): string {
  return name === role ? '' : name;
}

/** Returns the title of an endpoint: its name, if it has one, and its address. */
export function titleOf({ config, address }: Pick<EndpointView, 'config' | 'address'>): EndpointTitle {
  const { transport, role, host, port } = config;
  const name = ownName(config);
  if (!abilitiesOf(transport).host) return { name, address: config.path };
  const path = name === '' && 'ws' in config && config.ws.path !== '/' ? config.ws.path : '';
  const typed = formatHostPort(host, port);
  // An unnamed client is known by the host as typed, not by the address that it resolved to.
  if (name === '' && role === 'client') return { name: transportName(config), address: `${typed}${path}` };
  return { name: name === '' ? transportName(config) : name, address: `${shortAddress(address || typed)}${path}` };
}

function transportName({ transport }: EndpointConfig): string {
  return transport === 'tcp' ? '' : transport;
}

/** Returns the title on one line. Without a name it begins with the role, which a screen reader's user cannot infer from its place. */
export function labelOf(view: Pick<EndpointView, 'config' | 'address'>): string {
  const { name, address } = titleOf(view);
  return [ownName(view.config) === '' ? view.config.role : '', name, address].filter(Boolean).join(' ');
}
