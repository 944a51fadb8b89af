import type { EndpointView } from '#shared/contract/models.ts';
import { type EndpointConfig, partsOf, valueAt } from '#shared/endpoint/endpoint-config.ts';
import { type OptionList, optionCatalogue } from '#shared/endpoint/options/catalogue.ts';
import { missingSecrets, withSecrets } from '#shared/endpoint/secrets.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import type { Address } from '#shared/socket/address.ts';
import type { Transport } from '#shared/socket/transports.ts';
import { Client } from './client.ts';
import type { Endpoint, EndpointContext } from './endpoint.ts';
import { Server } from './server.ts';

/** All endpoints of a run. */
export class Endpoints {
  readonly #all = new Map<string, Endpoint>();
  /** Endpoints that are being removed. */
  readonly #removing = new Set<string>();
  readonly #contextOf: (id: string) => EndpointContext;
  #last = 0;

  /** `contextOf` returns what the engine provides to an endpoint. */
  constructor(contextOf: (id: string) => EndpointContext) {
    this.#contextOf = contextOf;
  }

  get ids(): string[] {
    return [...this.#all.keys()];
  }

  /** True while one of them is open or is being removed. */
  get busy(): boolean {
    return this.#removing.size > 0 || [...this.#all.values()].some((endpoint) => endpoint.active);
  }

  view(id: string): EndpointView | undefined {
    return this.#all.get(id)?.view();
  }

  views(): EndpointView[] {
    return [...this.#all.values()].map((endpoint) => endpoint.view());
  }

  find(id: string): Result<Endpoint> {
    const endpoint = this.#all.get(id);
    return endpoint ? ok(endpoint) : noEndpoint(id);
  }

  /** As `find`, but one that is being removed is not found: it must not be opened, because nothing could close it. */
  findKept(id: string): Result<Endpoint> {
    return this.#removing.has(id) ? noEndpoint(id) : this.find(id);
  }

  /** Returns the transport of the server that listens at `address`, an address of this machine, if there is one. */
  transportAt(address: Address): Transport | undefined {
    return [...this.#all.values()].find((endpoint) => endpoint.listensAt?.(address))?.config.transport;
  }

  create(given: EndpointConfig): Endpoint {
    this.#last += 1;
    const id = `e${this.#last}`;
    const endpoint = createEndpoint(this.#contextOf(id), withSecrets(given));
    this.#all.set(id, endpoint);
    return endpoint;
  }

  /** Closes an endpoint and removes it. */
  async remove(id: string, endpoint: Endpoint): Promise<void> {
    this.#removing.add(id);
    await endpoint.close().finally(() => this.#removing.delete(id));
    this.#all.delete(id);
  }

  /** Closes every endpoint; resolves when all their sockets are closed and recorded. */
  async close(): Promise<void> {
    await Promise.all([...this.#all.values()].map((endpoint) => endpoint.close()));
  }
}

/**
 * Returns the configuration with which `endpoint` continues after a change to `given`, with the secrets that `given` contains only
 * as placeholders. Fails where the endpoint is open and an option differs that may not change while it is open.
 */
export function changedConfig(endpoint: Endpoint, given: EndpointConfig): Result<EndpointConfig> {
  const config = withSecrets(given, endpoint.config);
  const missing = missingSecrets(config);
  if (missing) return { ok: false, error: missing };
  if (endpoint.config.role !== config.role) return fail('bad-input', 'A server cannot become a client');
  if (endpoint.active && !mayChangeWhileOpen(endpoint.config, config)) {
    return fail('wrong-state', `Could not change “${endpoint.config.name}” while it is open`, {
      hint: config.role === 'server' ? 'Stop the server, change it, and launch it again.' : 'Disconnect it first.',
    });
  }
  return ok(config);
}

/** Returns true where `after` differs from `before` only in options that may change while the endpoint is open. */
export function mayChangeWhileOpen(
  before: EndpointConfig,
  after: EndpointConfig,
  catalogue: OptionList = optionCatalogue,
): boolean {
  if (before.role !== after.role || before.transport !== after.transport) return false;
  const valueIn = (config: EndpointConfig, path: string) => JSON.stringify(valueAt(config, path));
  return partsOf(after.role, after.transport, catalogue).every(
    ({ path, changeable }) => changeable === true || valueIn(before, path) === valueIn(after, path),
  );
}

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
function createEndpoint(context: EndpointContext, config: EndpointConfig): Endpoint {
  return config.role === 'server' ? roles.server(context, config) : roles.client(context, config);
}

function noEndpoint(id: string): Result<never> {
  return fail('not-found', `There is no endpoint “${id}”`, { hint: 'It may have been removed.' });
}
