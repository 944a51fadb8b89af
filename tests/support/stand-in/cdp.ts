import type { Readable, Writable } from 'node:stream';

type Listener = (params: never) => void;

interface Pending {
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

/** The Chrome DevTools Protocol over a pair of pipes: JSON messages that end with a NUL. */
export class Cdp {
  readonly #out: Writable;
  readonly #pending = new Map<number, Pending>();
  readonly #listeners = new Map<string, Listener[]>();
  #lastId = 0;
  #rest = '';

  constructor(out: Writable, input: Readable) {
    this.#out = out;
    out.on('error', () => {});
    input.setEncoding('utf8');
    input.on('data', (text: string) => this.#read(text));
    input.on('close', () => {
      for (const { reject } of this.#pending.values()) reject(new Error('Chromium is gone'));
      this.#pending.clear();
    });
  }

  /** Sends a command to the browser, or to the page that `session` is attached to. */
  send<Result = unknown>(method: string, params: object = {}, session?: string): Promise<Result> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise<Result>((resolve, reject) => {
      this.#pending.set(id, { resolve, reject: (error) => reject(new Error(`${method}: ${error.message}`)) });
      this.#out.write(`${JSON.stringify({ id, method, params, ...(session && { sessionId: session }) })}\0`);
    });
  }

  /** Calls `listener` with each event `method` of `session` (of the browser without one). */
  on<Params>(method: string, listener: (params: Params) => void, session = ''): void {
    const key = `${session} ${method}`;
    const listeners = this.#listeners.get(key) ?? [];
    listeners.push(listener);
    this.#listeners.set(key, listeners);
  }

  #read(text: string): void {
    const messages = (this.#rest + text).split('\0');
    this.#rest = messages.pop() ?? '';
    for (const message of messages) this.#handle(JSON.parse(message));
  }

  #handle(message: {
    id?: number;
    method?: string;
    params?: never;
    result?: never;
    error?: { message: string };
    sessionId?: string;
  }): void {
    if (message.id === undefined) {
      const key = `${message.sessionId ?? ''} ${message.method}`;
      for (const listener of this.#listeners.get(key) ?? []) listener(message.params as never);
      return;
    }
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.error) pending?.reject(new Error(message.error.message));
    else pending?.resolve(message.result as never);
  }
}
