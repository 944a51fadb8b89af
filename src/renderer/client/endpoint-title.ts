import type { EndpointView } from '#shared/contract/models.ts';
import type { EndpointConfig } from '#shared/endpoint/endpoint-config.ts';
import { formatHostPort } from '#shared/socket/address.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import { shortAddress } from '../ui/address.ts';

/** What an endpoint is called where it is listed. */
interface EndpointTitle {
  /** What a person named it; without a name, what carries its bytes where that is not plain TCP. Empty: neither. */
  readonly name: string;
  /** Where it listens or connects to; of a local socket, its path. */
  readonly address: string;
}

/** What a person named an endpoint; empty where nobody did, and it goes by its role. */
export function ownName({ name, role }: Pick<EndpointConfig, 'name' | 'role'>): string {
  return name === role ? '' : name;
}

/** A title that tells an endpoint from others: its name, if it has one, and its address. */
export function titleOf({ config, address }: Pick<EndpointView, 'config' | 'address'>): EndpointTitle {
  const { transport, role, host, port } = config;
  const name = ownName(config);
  if (!abilitiesOf(transport).host) return { name, address: config.path };
  const isWebSocket = transport === 'ws' || transport === 'wss';
  const path = name === '' && isWebSocket && config.ws.path !== '/' ? config.ws.path : '';
  const typed = formatHostPort(host, port);
  // A client without a name is best known by the host that was typed, not by the address which that turned out to be.
  if (name === '' && role === 'client') return { name: carrier(config), address: `${typed}${path}` };
  return { name: name === '' ? carrier(config) : name, address: `${shortAddress(address || typed)}${path}` };
}

function carrier({ transport }: EndpointConfig): string {
  return transport === 'tcp' ? '' : transport;
}

/** The title in one line, beginning with the role where there is no name: for whoever hears it and does not see where it stands. */
export function labelOf(view: Pick<EndpointView, 'config' | 'address'>): string {
  const { name, address } = titleOf(view);
  return [ownName(view.config) === '' ? view.config.role : '', name, address].filter(Boolean).join(' ');
}
