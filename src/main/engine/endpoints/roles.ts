import type { EndpointConfig } from '#shared/endpoint/endpoint-config.ts';
import { Client } from './client.ts';
import type { Endpoint, EndpointContext } from './endpoint.ts';
import { Server } from './server.ts';

/** How an endpoint of each role is created. */
const roles: {
  readonly [Role in EndpointConfig['role']]: (
    context: EndpointContext,
    config: Extract<EndpointConfig, { role: Role }>,
  ) => Endpoint;
} = {
  server: (context, config) => new Server(context, config),
  client: (context, config) => new Client(context, config),
};

/** Creates an endpoint of the role of `config`. It is closed. */
export function createEndpoint(context: EndpointContext, config: EndpointConfig): Endpoint {
  return config.role === 'server' ? roles.server(context, config) : roles.client(context, config);
}
