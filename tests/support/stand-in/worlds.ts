// The two worlds of a page: the preload runs in an isolated one, the page's scripts in the main one. They share the
// document and no objects, so `contextBridge` is a pair of ends that talk by events of the document; Chromium clones
// what an event carries from one world to the other.
import { pack, unpack } from './clone.ts';

/** The isolated world's name, the binding by which it reaches the main process and the function that this answers by. */
export const world = {
  ...{ name: 'preload', binding: 'standInSend', receive: 'standInReceive' },
  /** The files whose paths the preload has asked for. */
  files: 'standInFiles',
} as const;

interface Marked {
  readonly is: 'function' | 'promise' | 'array' | 'object' | 'data';
  readonly value: unknown;
}

interface Message {
  readonly kind: 'expose' | 'call' | 'return' | 'settle';
  readonly id: number;
  readonly call: number;
  readonly failed: boolean;
  readonly value: Marked;
}

/** One end of the bridge: `out` and `back` are the names of the events it sends and hears. Injected as source. */
function openBridge(out: string, back: string, onExpose: (id: number, value: unknown) => void) {
  const functions = new Map<number, (...values: unknown[]) => unknown>();
  const promises = new Map<number, { resolve: (value: unknown) => void; reject: (error: unknown) => void }>();
  const returned = new Map<number, Message>();
  let last = 0;

  const send = (message: Partial<Message>) => {
    document.dispatchEvent(new CustomEvent(out, { detail: message }));
  };
  const settle = (id: number, failed: boolean, value: unknown) => {
    send({
      kind: 'settle',
      id,
      failed,
      value: mark(failed ? String(value instanceof Error ? value.message : value) : value),
    });
  };
  const mark = (value: unknown): Marked => {
    if (typeof value === 'function') {
      last += 1;
      functions.set(last, value as (...values: unknown[]) => unknown);
      return { is: 'function', value: last };
    }
    if (value instanceof Promise) {
      last += 1;
      const id = last;
      value.then(
        (result) => settle(id, false, result),
        (error) => settle(id, true, error),
      );
      return { is: 'promise', value: id };
    }
    if (Array.isArray(value)) return { is: 'array', value: value.map(mark) };
    if (value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
      return { is: 'object', value: Object.entries(value).map(([key, part]) => [key, mark(part)]) };
    }
    return { is: 'data', value };
  };
  const unmark = ({ is, value }: Marked): unknown => {
    if (is === 'array') return (value as Marked[]).map(unmark);
    if (is === 'object')
      return Object.fromEntries((value as [string, Marked][]).map(([key, part]) => [key, unmark(part)]));
    if (is === 'function') return (...values: unknown[]) => ask(value as number, values);
    if (is === 'promise') return new Promise((resolve, reject) => promises.set(value as number, { resolve, reject }));
    return value;
  };
  const ask = (id: number, values: unknown[]): unknown => {
    last += 1;
    const call = last;
    // The other end answers before this returns: events are dispatched at once.
    send({ kind: 'call', id, call, value: mark(values) });
    const reply = returned.get(call);
    returned.delete(call);
    if (!reply) throw new Error('the other world does not answer');
    const value = unmark(reply.value);
    if (reply.failed) throw new Error(String(value));
    return value;
  };
  document.addEventListener(back, (event) => {
    const message = (event as CustomEvent<Message>).detail;
    if (message.kind === 'expose') onExpose(message.id, unmark(message.value));
    else if (message.kind === 'return') returned.set(message.call, message);
    else if (message.kind === 'settle') {
      const promise = promises.get(message.id);
      promises.delete(message.id);
      const value = unmark(message.value);
      if (message.failed) promise?.reject(new Error(String(value)));
      else promise?.resolve(value);
    } else {
      try {
        const value = functions.get(message.id)?.(...(unmark(message.value) as unknown[]));
        send({ kind: 'return', call: message.call, failed: false, value: mark(value) });
      } catch (error) {
        send({ kind: 'return', call: message.call, failed: true, value: mark(String(error)) });
      }
    }
  });
  return (key: string, value: unknown) => send({ kind: 'expose', id: 0, value: mark([key, value]) });
}

/** What `require('electron')` gives the preload. Injected as source; `expose` is its end of the bridge. */
function preloadElectron(
  expose: (key: string, value: unknown) => void,
  binding: string,
  receive: string,
  fileList: string,
) {
  type Send = (json: string) => void;
  const scope = globalThis as unknown as Record<string, unknown>;
  const listeners = new Map<string, ((...values: unknown[]) => void)[]>();
  const pending = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let last = 0;
  scope[receive] = (json: string) => {
    const message = unpack(json) as { channel: string; values: unknown[]; id: number; error?: string; value: unknown };
    if (message.id === 0) {
      for (const listener of listeners.get(message.channel) ?? []) listener({}, ...message.values);
      return;
    }
    const waiting = pending.get(message.id);
    pending.delete(message.id);
    if (message.error === undefined) waiting?.resolve(message.value);
    else waiting?.reject(new Error(message.error));
  };
  const ipcRenderer = {
    invoke: (channel: string, ...values: unknown[]) =>
      new Promise((resolve, reject) => {
        last += 1;
        pending.set(last, { resolve, reject });
        (scope[binding] as Send)(pack({ id: last, channel, values }));
      }),
    on(channel: string, listener: (...values: unknown[]) => void) {
      listeners.set(channel, [...(listeners.get(channel) ?? []), listener]);
      return ipcRenderer;
    },
    removeListener(channel: string, listener: (...values: unknown[]) => void) {
      listeners.set(
        channel,
        (listeners.get(channel) ?? []).filter((one) => one !== listener),
      );
      return ipcRenderer;
    },
  };
  const files: File[] = [];
  scope[fileList] = files;
  const webUtils = {
    // The path is not known to scripts: `Contents` puts it in the place of this text.
    getPathForFile(file: unknown): string {
      if (!(file instanceof File)) throw new TypeError('getPathForFile needs a File');
      files.push(file);
      return `${fileList} ${files.length - 1}`;
    },
  };
  const strictly = <T extends object>(name: string, api: T): T =>
    new Proxy(api, {
      get(target, key) {
        if (!(key in target)) throw new Error(`the stand-in has no ${name}.${String(key)} in a preload`);
        return Reflect.get(target, key) as unknown;
      },
    });
  return strictly('electron', {
    ipcRenderer: strictly('ipcRenderer', ipcRenderer),
    contextBridge: strictly('contextBridge', { exposeInMainWorld: expose }),
    webUtils: strictly('webUtils', webUtils),
  });
}

const names = { toPage: 'stand-in-to-page', toPreload: 'stand-in-to-preload' };

/** The script that runs first in the main world: it puts what the preload exposes on `window`. */
export function mainWorldScript(): string {
  const expose = `(_, [key, value]) => Object.defineProperty(window, key, { value, enumerable: true })`;
  return `if (window === window.top) {
  (${openBridge})(${JSON.stringify(names.toPreload)}, ${JSON.stringify(names.toPage)}, ${expose});
}`;
}

/** The script that runs in the isolated world: the built preload `source`, with the `electron` it may use. */
export function preloadScript(source: string): string {
  return `if (window === window.top) {
  ${pack}
  ${unpack}
  const expose = (${openBridge})(${JSON.stringify(names.toPage)}, ${JSON.stringify(names.toPreload)}, () => {});
  const names = ${JSON.stringify([world.binding, world.receive, world.files])};
  const electron = (${preloadElectron})(expose, ...names);
  const require = (name) => {
    if (name === 'electron') return electron;
    throw new Error('a sandboxed preload may not require ' + name);
  };
  const module = { exports: {} };
  (function (exports, require, module) {
${source}
  })(module.exports, require, module);
}`;
}
