import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Cdp } from './cdp.ts';
import { pack, unpack } from './clone.ts';
import { invoke } from './ipc-main.ts';
import type { SchemeMap } from './session.ts';
import { mainWorldScript, preloadScript, world } from './worlds.ts';

interface Frame {
  readonly id: string;
  readonly parentId?: string;
  readonly url: string;
}

type OpenHandler = (details: { url: string }) => { action: 'allow' | 'deny' };

/** One page of Chromium, with the preload in a world of its own. */
export class Contents {
  readonly events = new EventEmitter();
  readonly targetId: string;
  openHandler: OpenHandler = () => ({ action: 'allow' });
  readonly #cdp: Cdp;
  readonly #session: string;
  readonly #schemes: SchemeMap;
  /** The page's own address as Chromium has it. */
  #url = 'about:blank';
  #preloadContext: number | undefined;
  /** Addresses that the page itself wants to go to. */
  readonly #requested = new Set<string>();

  private constructor(cdp: Cdp, targetId: string, session: string, schemes: SchemeMap) {
    this.#cdp = cdp;
    this.targetId = targetId;
    this.#session = session;
    this.#schemes = schemes;
  }

  static async create(cdp: Cdp, preload: string, schemes: SchemeMap, width: number, height: number): Promise<Contents> {
    const { targetId } = await cdp.send<{ targetId: string }>('Target.createTarget', {
      url: 'about:blank',
      newWindow: true,
      width,
      height,
    });
    const { sessionId } = await cdp.send<{ sessionId: string }>('Target.attachToTarget', { targetId, flatten: true });
    const contents = new Contents(cdp, targetId, sessionId, schemes);
    contents.#listen();
    await contents.#prepare(readFileSync(preload, 'utf8'));
    return contents;
  }

  /** Goes to `address` of its own accord, which asks nobody; resolves when the page has loaded. */
  async load(address: string): Promise<void> {
    const loaded = new Promise<void>((resolve) => this.events.once('did-finish-load', resolve));
    const url = await this.#schemes.toReal(address);
    const { errorText } = await this.#send<{ errorText?: string }>('Page.navigate', { url });
    if (errorText) throw new Error(`${errorText} loading '${address}'`);
    await loaded;
  }

  /** Sends to the preload's listeners; nobody hears it before there is a page. */
  send(channel: string, values: readonly unknown[]): void {
    this.#toPreload(this.#preloadContext, { id: 0, channel, values });
  }

  async close(): Promise<void> {
    await this.#cdp.send('Target.closeTarget', { targetId: this.targetId });
  }

  #send<Result>(method: string, params: object = {}): Promise<Result> {
    return this.#cdp.send<Result>(method, params, this.#session);
  }

  #on<Params>(method: string, listener: (params: Params) => void): void {
    this.#cdp.on(method, listener, this.#session);
  }

  async #prepare(preload: string): Promise<void> {
    await this.#send('Page.enable');
    await this.#send('Runtime.enable');
    await this.#send('Runtime.addBinding', { name: world.binding, executionContextName: world.name });
    // In this order: the main world's end of the bridge listens before the preload exposes anything.
    await this.#send('Page.addScriptToEvaluateOnNewDocument', { source: mainWorldScript() });
    await this.#send('Page.addScriptToEvaluateOnNewDocument', {
      source: preloadScript(preload),
      worldName: world.name,
    });
    await this.#send('Fetch.enable', { patterns: [{ resourceType: 'Document', requestStage: 'Request' }] });
  }

  #listen(): void {
    this.#on<{ frame: Frame & { urlFragment?: string } }>('Page.frameNavigated', ({ frame }) => {
      if (frame.parentId === undefined) this.#url = frame.url + (frame.urlFragment ?? '');
    });
    this.#on<{ frameId: string; url: string }>('Page.navigatedWithinDocument', ({ frameId, url }) => {
      if (frameId === this.targetId) this.#url = url;
    });
    this.#on('Page.loadEventFired', () => {
      if (this.#url !== 'about:blank') this.events.emit('did-finish-load');
    });
    this.#on<{ frameId: string; url: string }>('Page.frameRequestedNavigation', ({ frameId, url }) => {
      if (frameId === this.targetId) this.#requested.add(url);
    });
    this.#on<{ requestId: string; frameId: string; request: { url: string } }>('Fetch.requestPaused', (params) => {
      const stays =
        params.frameId === this.targetId &&
        this.#requested.delete(params.request.url) &&
        this.#refuses(params.request.url);
      const { requestId } = params;
      const answered = stays
        ? this.#send('Fetch.failRequest', { requestId, errorReason: 'Aborted' })
        : this.#send('Fetch.continueRequest', { requestId });
      // The page may be gone by now.
      answered.catch(() => {});
    });
    this.#on<{ context: { id: number; name: string; auxData?: { frameId: string } } }>(
      'Runtime.executionContextCreated',
      ({ context }) => {
        if (context.name === world.name && context.auxData?.frameId === this.targetId)
          this.#preloadContext = context.id;
      },
    );
    this.#on('Runtime.executionContextsCleared', () => {
      this.#preloadContext = undefined;
    });
    this.#on<{ name: string; payload: string; executionContextId: number }>('Runtime.bindingCalled', (call) => {
      if (call.name === world.binding) void this.#receive(call.payload, call.executionContextId);
    });
  }

  /** Asks the app, as Electron does, whether the page may go to `url`. */
  #refuses(url: string): boolean {
    let prevented = false;
    const preventDefault = () => {
      prevented = true;
    };
    this.events.emit('will-navigate', { url: this.#schemes.toApp(url), preventDefault });
    return prevented;
  }

  async #receive(payload: string, context: number): Promise<void> {
    const { id, channel, values } = unpack(payload) as { id: number; channel: string; values: unknown[] };
    const known = await Promise.all(values.map((value) => this.#withPath(value, context)));
    const senderFrame = { url: this.#schemes.toApp(this.#url), parent: null };
    try {
      this.#toPreload(context, { id, value: await invoke(channel, { senderFrame }, known) });
    } catch (error) {
      this.#toPreload(context, { id, error: `Error invoking remote method '${channel}': ${String(error)}` });
    }
  }

  /** Returns `value` or, if it stands for the path of a file that the page has, that path: empty for a file that a script has made. */
  async #withPath(value: unknown, contextId: number): Promise<unknown> {
    const [, index] = (typeof value === 'string' && /^standInFiles (\d+)$/.exec(value)) || [];
    if (index === undefined) return value;
    const { result } = await this.#send<{ result: { objectId: string } }>('Runtime.evaluate', {
      expression: `${world.files}[${index}]`,
      contextId,
    });
    const { path } = await this.#send<{ path: string }>('DOM.getFileInfo', { objectId: result.objectId });
    return path;
  }

  #toPreload(contextId: number | undefined, message: object): void {
    if (contextId === undefined) return;
    const expression = `${world.receive}(${JSON.stringify(pack(message))})`;
    // A page that was left meanwhile hears nothing more.
    this.#send('Runtime.evaluate', { expression, contextId }).catch(() => {});
  }
}
