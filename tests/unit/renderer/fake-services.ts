import type { CallInput, CallName, CallOutput } from '#shared/contract/contract.ts';
import type { EndpointView, SessionView, SocketView } from '#shared/contract/models.ts';
import { defaultClient, defaultServer, type EndpointConfig } from '#shared/endpoint/endpoint-config.ts';
import { fail, type Result } from '#shared/failure.ts';
import type { Connection } from '../../../src/renderer/bridge/transport.ts';
import { createServices, type Services } from '../../../src/renderer/state/services.ts';

export type Answers = {
  readonly [Name in CallName]?: (
    input: CallInput<Name>,
  ) => Result<CallOutput<Name>> | Promise<Result<CallOutput<Name>>>;
};

export interface FakeHost {
  readonly services: Services;
  readonly calls: { readonly name: string; readonly input: unknown }[];
  readonly push: (event: unknown) => void;
  readonly connect: (connection: Connection) => void;
  readonly transport: Parameters<typeof createServices>[0];
}

/** Services over a transport whose answers the test gives; a call without an answer is refused. */
export function fakeHost(answers: Answers): FakeHost {
  const calls: { name: string; input: unknown }[] = [];
  const listeners = new Set<(event: unknown) => void>();
  const connections = new Set<(connection: Connection) => void>();
  const transport: Parameters<typeof createServices>[0] = {
    call: async (name, input) => {
      calls.push({ name, input });
      const answer = (answers as Record<string, ((input: unknown) => unknown) | undefined>)[name];
      return answer ? answer(input) : fail('unsupported', `no answer for ${name}`);
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    connection: 'open',
    onConnection: (listener) => {
      connections.add(listener);
      return () => connections.delete(listener);
    },
  };
  return {
    services: createServices(transport),
    calls,
    transport,
    push: (event) => {
      for (const listener of listeners) listener(event);
    },
    connect: (connection) => {
      for (const listener of connections) listener(connection);
    },
  };
}

export function endpointView(id: string, change: Partial<EndpointView> = {}): EndpointView {
  const config: EndpointConfig = change.config ?? defaultServer;
  return { id, config, state: 'idle', socket: 0, address: '', peers: 0, exposed: false, accepting: true, ...change };
}

export function clientView(id: string, change: Partial<EndpointView> = {}): EndpointView {
  return endpointView(id, { config: defaultClient, ...change });
}

export function socketView(id: number, endpoint: string, change: Partial<SocketView> = {}): SocketView {
  return {
    id,
    endpoint,
    role: 'accepted',
    transport: 'tcp',
    framing: 'raw',
    state: 'connected',
    local: '127.0.0.1:12345',
    peer: `127.0.0.1:${50_000 + id}`,
    security: '',
    bytesIn: 0,
    bytesOut: 0,
    messagesIn: 0,
    messagesOut: 0,
    queued: 0,
    writeEnded: false,
    readEnded: false,
    badFrame: 'resynchronise',
    framingStopped: false,
    readingStopped: false,
    ...change,
  };
}

export function sessionView(id: string, change: Partial<SessionView> = {}): SessionView {
  return {
    id,
    name: id,
    path: '',
    state: 'recording',
    total: 0,
    bytes: 0,
    rate: 0,
    problems: 0,
    notice: '',
    ...change,
  };
}
