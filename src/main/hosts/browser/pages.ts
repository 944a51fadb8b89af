import type { WebSocket } from 'ws';
import type { WorkbenchEvent } from '#shared/contract/contract.ts';
import { maxSendBytes } from '#shared/contract/limits.ts';
import { type Handlers, serve } from '#shared/contract/serve.ts';
import { type CallFrame, decodeCall, encodeHostFrame, type RefusedCall } from '#shared/contract/wire.ts';
import { fail } from '#shared/failure.ts';
import { printUnexpected } from '../terminal.ts';

/** What one page may make the host hold, in bytes but for `calls`. */
export interface PageLimits {
  /** Unsent bytes at which a page counts as too slow for events, and is dropped. It connects again and asks anew. */
  readonly unsentEvents: number;
  /** Unsent bytes at which no further call of a page is served until it has taken its replies. */
  readonly unsentReplies: number;
  /** Bytes of calls that are running; a further one is refused. */
  readonly runningBytes: number;
  /** Calls that are running; a further one is refused. */
  readonly calls: number;
}

const pageLimits: PageLimits = {
  unsentEvents: 32 * 1_048_576,
  unsentReplies: 16 * 1_048_576,
  runningBytes: 4 * maxSendBytes,
  calls: 512,
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
    const page = new Page(socket, this.#handlers, this.#limits);
    socket.on('message', (data, isBinary) => {
      const frame = isBinary && data instanceof Uint8Array ? decodeCall(data) : undefined;
      if (!frame) socket.close(1008, 'not a call');
      else if ('refusal' in frame) page.refuse(frame);
      else page.take(frame, (data as Uint8Array).length);
    });
    socket.on('close', () => this.#sockets.delete(socket));
    // `close` follows; a message that is too long or not WebSocket is nothing to report.
    socket.on('error', () => {});
  }

  /** Tells every page that the host goes away. */
  close(): void {
    for (const socket of this.#sockets) socket.close(1001, 'Wirebench ends');
  }
}

/** The calls of one page. */
class Page {
  readonly #socket: WebSocket;
  readonly #handlers: Handlers;
  readonly #limits: PageLimits;
  /** Calls that have arrived and are not served yet. While the page is behind no more are read, so these are few. */
  readonly #waiting: { readonly frame: CallFrame; readonly size: number }[] = [];
  /** True while `#serveNext` is about to be called. */
  #scheduled = false;
  #runningCalls = 0;
  #runningBytes = 0;

  constructor(socket: WebSocket, handlers: Handlers, limits: PageLimits) {
    this.#socket = socket;
    this.#handlers = handlers;
    this.#limits = limits;
  }

  take(frame: CallFrame, size: number): void {
    this.#waiting.push({ frame, size });
    if (this.#waiting.length === 1 && !this.#scheduled) this.#serveNext();
  }

  /** Answers a call that was not decoded. */
  refuse({ id, refusal }: RefusedCall): void {
    this.#reply(id, { ok: false, error: refusal });
  }

  #isBehind(): boolean {
    return this.#socket.bufferedAmount > this.#limits.unsentReplies;
  }

  #run({ id, name, input }: CallFrame, size: number): void {
    if (this.#runningCalls >= this.#limits.calls || this.#runningBytes + size > this.#limits.runningBytes) {
      const system = `${this.#runningCalls} calls with ${this.#runningBytes} bytes are still running`;
      this.#reply(id, fail('too-large', `“${name}” was refused`, { system, hint: 'Wait for them, then try again.' }));
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
    if (this.#isBehind()) this.#socket.pause();
  }

  /** Serves one call that waits, if the page takes its replies: one at a time, so that each reply counts for the next. */
  #serveNext(): void {
    this.#scheduled = false;
    if (this.#isBehind()) return;
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
