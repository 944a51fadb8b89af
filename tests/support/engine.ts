import { readFile } from 'node:fs/promises';
import type { SendOutcome } from '#engine/endpoints/sending.ts';
import { Engine } from '#engine/engine.ts';
import type { EndpointView } from '#shared/contract/models.ts';
import { defaultClient } from '#shared/endpoint/endpoint-config.ts';
import { fail, ok } from '#shared/failure.ts';
import { parseHostPort } from '#shared/socket/address.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import type { ClientChanges, ServerChanges } from '#support/config.ts';
import { clientConfig, serverConfig } from '#support/config.ts';
import { MemoryLog } from './memory-log.ts';

/** An engine with its records in memory. `await using` stops it. */
export class TestEngine implements AsyncDisposable {
  readonly log = new MemoryLog();
  readonly engine = new Engine({
    log: this.log,
    readReplyFile: async (path) => {
      try {
        return ok(await readFile(path));
      } catch (error) {
        return fail('file', `Could not read ${path}`, { system: String(error) });
      }
    },
  });

  /** Launches a server on a port of the system's choice and gives its view and that port. */
  async serve(config: ServerChanges = {}): Promise<{ view: EndpointView; port: number; listener: number }> {
    const created = this.engine.create(serverConfig({ port: 0, ...config }));
    const opened = await this.engine.open(created.id);
    if (!opened.ok) throw new Error(JSON.stringify(opened.error));
    // A local socket has none.
    const port = parseHostPort(opened.value.address)?.port ?? 0;
    return { view: opened.value, port, listener: opened.value.socket };
  }

  /** Connects a client and gives its view; its `socket` is the connection. */
  async connect(port: number, config: ClientChanges = {}): Promise<EndpointView> {
    const created = this.engine.create(clientConfig({ port: port || defaultClient.port, ...config }));
    const opened = await this.engine.open(created.id);
    if (!opened.ok) throw new Error(JSON.stringify(opened.error));
    return opened.value;
  }

  /** Sends one message from memory. */
  send(sockets: readonly number[], bytes: Uint8Array, frame = false): Promise<SendOutcome[]> {
    return this.engine.send(sockets, { bytes, frame });
  }

  /** The first socket that a listener has accepted, or the `nth`. */
  accepted(nth = 0): Promise<number> {
    return this.log.until((log) => log.records.filter((record) => record.event?.kind === 'accepted')[nth]?.socket);
  }

  /** The first socket that a listener has accepted and that is ready for messages, or the `nth`. */
  async joined(nth = 0): Promise<number> {
    const socket = await this.accepted(nth);
    const { transport } = this.log.sockets.get(socket) ?? {};
    if (transport === 'tls') await this.event(socket, 'secured');
    if (transport === 'ws' || transport === 'wss') await this.event(socket, 'upgraded');
    return socket;
  }

  /** The first event of this kind on this socket. */
  event<Kind extends SocketEvent['kind']>(socket: number, kind: Kind): Promise<Extract<SocketEvent, { kind: Kind }>> {
    return this.log.until((log) => {
      const found = log.of(socket).find((record) => record.kind === kind)?.event;
      return found as Extract<SocketEvent, { kind: Kind }> | undefined;
    });
  }

  /** Resolves when `length` bytes of one direction of a socket are recorded; gives them. */
  async stream(socket: number, direction: 'in' | 'out', length: number): Promise<Buffer> {
    await this.log.until((log) => log.streamLength(socket, direction) >= length);
    return this.log.stream(socket, direction);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.engine.stop();
    const bug = this.log.records.find(
      ({ event }) => event?.kind === 'problem' && event.text.startsWith('internal error'),
    );
    if (bug) throw new Error(JSON.stringify(bug.event));
  }
}
