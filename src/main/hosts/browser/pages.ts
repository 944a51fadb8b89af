import type { WebSocket } from 'ws';
import { maxSendBytes, type WorkbenchEvent } from '#shared/contract/contract.ts';
import { fail } from '#shared/contract/failure.ts';
import { type Handlers, serve } from '#shared/contract/serve.ts';
import { decodeCall, encodeHostFrame } from '#shared/contract/wire.ts';

/** What one page may make the host hold, in bytes but for `calls`. */
export interface PageLimits {
  /** Unsent bytes at which a page counts as too slow for events, and is dropped. It connects again and asks anew. */
  readonly unsentEvents: number;
  /** Unsent bytes at which no further call of a page is read until it has taken its replies. */
  readonly unsentReplies: number;
  /** Bytes of calls that are running; a further one is refused. */
  readonly runningBytes: number;
  /** Calls that are running; a further one is refused. */
  readonly calls: number;
}

export const pageLimits: PageLimits = {
  unsentEvents: 16 * 1_048_576,
  unsentReplies: 16 * 1_048_576,
  runningBytes: 4 * maxSendBytes,
  calls: 1_024,
};

/** The longest message a page may send: the largest call with room for what is around its bytes. */
export const maxCallBytes = maxSendBytes + 1_048_576;

/** The pages that are connected: serves the calls of each and pushes every event to all. */
export class Pages {
  readonly #handlers: Handlers;
  readonly #limits: PageLimits;
  readonly #sockets = new Set<WebSocket>();

  constructor(handlers: Handlers, limits: PageLimits = pageLimits) {
    this.#handlers = handlers;
    this.#limits = limits;
  }

  /** Sends `event` to each page that keeps up, and drops the others: what waits for a page never grows without end. */
  push(event: WorkbenchEvent): void {
    if (this.#sockets.size === 0) return;
    const bytes = encodeHostFrame({ id: 0, value: event });
    for (const socket of this.#sockets) {
      if (socket.bufferedAmount > this.#limits.unsentEvents) socket.terminate();
      else if (socket.readyState === socket.OPEN) socket.send(bytes);
    }
  }

  /** Serves `socket` until it closes. */
  add(socket: WebSocket): void {
    this.#sockets.add(socket);
    const running = { calls: 0, bytes: 0 };
    socket.on('message', (data, isBinary) => {
      const frame = isBinary && data instanceof Uint8Array ? decodeCall(data) : undefined;
      if (!frame || !(data instanceof Uint8Array)) {
        socket.close(1008, 'not a call');
        return;
      }
      const size = data.length;
      if (running.calls >= this.#limits.calls || running.bytes + size > this.#limits.runningBytes) {
        const system = `${running.calls} calls with ${running.bytes} bytes are still running`;
        this.#reply(socket, frame.id, fail('too-large', `“${frame.name}” was refused`, { system, hint: 'Try again.' }));
        return;
      }
      running.calls += 1;
      running.bytes += size;
      void serve(this.#handlers, frame.name, frame.input, reportBug).then((reply) => {
        running.calls -= 1;
        running.bytes -= size;
        this.#reply(socket, frame.id, reply);
      });
    });
    socket.on('close', () => this.#sockets.delete(socket));
    // `close` follows; a message that is too long or not WebSocket is nothing to report.
    socket.on('error', () => {});
  }

  /** Tells every page that the host goes away. */
  close(): void {
    for (const socket of this.#sockets) socket.close(1001, 'Wirebench ends');
  }

  #reply(socket: WebSocket, id: number, value: unknown): void {
    if (socket.readyState !== socket.OPEN) return;
    socket.send(encodeHostFrame({ id, value }), () => {
      if (socket.isPaused && socket.bufferedAmount <= this.#limits.unsentReplies) socket.resume();
    });
    if (socket.bufferedAmount > this.#limits.unsentReplies) socket.pause();
  }
}

function reportBug(name: string, error: unknown): void {
  console.error(`${name} failed unexpectedly:`, error);
}
