import type { WebSocket } from 'ws';
import { PageCalls } from '#hosts/page.ts';
import type { WorkbenchEvent } from '#shared/contract/contract.ts';
import { maxSendBytes } from '#shared/contract/limits.ts';
import { type Handlers, serve } from '#shared/contract/serve.ts';
import { type CallFrame, decodeCall, encodeHostFrame, type RefusedCall } from '#shared/contract/wire.ts';
import { fail } from '#shared/failure.ts';
import { printUnexpected } from '../terminal.ts';

/** Limits on the memory that one page can take up in the host; in bytes, except `calls`. */
export interface PageLimits {
  /** Unsent bytes beyond which the host drops a page as too slow for events. The page reconnects and reloads its state. */
  readonly unsentEvents: number;
  /** Unsent bytes beyond which the host serves no further call of a page until it has received its replies. */
  readonly unsentReplies: number;
  /** Maximum bytes of running calls. Further calls are refused. */
  readonly runningBytes: number;
  /** Maximum number of running calls. Further calls are refused. */
  readonly calls: number;
}

const pageLimits: PageLimits = {
  unsentEvents: 32 * 1_048_576,
  unsentReplies: 16 * 1_048_576,
  runningBytes: 4 * maxSendBytes,
  calls: 512,
};

/** The maximum message from a page: the largest payload of a call, and room for its envelope. */
export const maxCallBytes = maxSendBytes + 1_048_576;

/** The connected pages. Serves the calls of each and pushes every event to all. */
export class Pages {
  readonly #handlers: Handlers;
  readonly #limits: PageLimits;
  readonly #sockets = new Set<WebSocket>();

  constructor(handlers: Handlers, limits: PageLimits = pageLimits) {
    this.#handlers = handlers;
    this.#limits = limits;
  }

  /** Sends `event` to every page that keeps up and drops the others, so that unsent bytes are limited. */
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
    const calls = new PageCalls(this.#handlers);
    const page = new Page(socket, calls.handlers, this.#limits);
    socket.on('message', (data, isBinary) => {
      const frame = isBinary && data instanceof Uint8Array ? decodeCall(data) : undefined;
      if (!frame) socket.close(1008, 'not a call');
      else if ('refusal' in frame) page.refuse(frame);
      else page.call(frame, (data as Uint8Array).length);
    });
    socket.on('close', () => {
      this.#sockets.delete(socket);
      calls.end();
    });
    // `close` follows. A message that is too long or invalid needs no report.
    socket.on('error', () => {});
  }

  /** Closes the connection to every page with status 1001 (going away). */
  close(): void {
    for (const socket of this.#sockets) socket.close(1001, 'Wirebench is ending');
  }
}

/** The calls of one page. */
class Page {
  readonly #socket: WebSocket;
  readonly #handlers: Handlers;
  readonly #limits: PageLimits;
  /** Received calls that are not running yet. They are few: reading from the page stops while it does not take its replies. */
  readonly #waiting: { readonly frame: CallFrame; readonly size: number }[] = [];
  /** True while a call of `#serveNext` is scheduled. */
  #scheduled = false;
  #runningCalls = 0;
  #runningBytes = 0;

  constructor(socket: WebSocket, handlers: Handlers, limits: PageLimits) {
    this.#socket = socket;
    this.#handlers = handlers;
    this.#limits = limits;
  }

  /** Runs a call, or queues it. `size`: its bytes on the wire. */
  call(frame: CallFrame, size: number): void {
    this.#waiting.push({ frame, size });
    if (this.#waiting.length === 1 && !this.#scheduled) this.#serveNext();
  }

  /** Replies to a call that was refused before it was decoded. */
  refuse({ id, refusal }: RefusedCall): void {
    this.#reply(id, { ok: false, error: refusal });
  }

  #isSlow(): boolean {
    return this.#socket.bufferedAmount > this.#limits.unsentReplies;
  }

  #run({ id, name, input }: CallFrame, size: number): void {
    if (this.#runningCalls >= this.#limits.calls || this.#runningBytes + size > this.#limits.runningBytes) {
      const system = `${this.#runningCalls} calls with ${this.#runningBytes} bytes are still running`;
      this.#reply(id, fail('too-large', `“${name}” was refused`, { system, hint: 'Wait until they end, then retry.' }));
      return;
    }
    this.#runningCalls += 1;
    this.#runningBytes += size;
    void serve(this.#handlers, name, input, reportBug).then((reply) => {
      this.#runningCalls -= 1;
      this.#runningBytes -= size;
      this.#reply(id, reply);
    });
  }

  #reply(id: number, value: unknown): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#socket.send(encodeHostFrame({ id, value }), () => {
      if (!this.#scheduled) this.#serveNext();
    });
    if (this.#isSlow()) this.#socket.pause();
  }

  /** Runs the next queued call if the page takes its replies. One per turn, so that its reply counts before the next one runs. */
  #serveNext(): void {
    this.#scheduled = false;
    if (this.#isSlow()) return;
    const next = this.#waiting.shift();
    if (next) {
      this.#scheduled = true;
      this.#run(next.frame, next.size);
      setImmediate(() => this.#serveNext());
    } else if (this.#socket.isPaused) this.#socket.resume();
  }
}

function reportBug(name: string, error: unknown): void {
  printUnexpected(`${name} failed unexpectedly`, error);
}
