import { EventEmitter } from 'node:events';
import { allWindowsClosed } from './app.ts';
import { stage } from './log.ts';
import { theChromium } from './runtime.ts';
import type { StandInSession } from './session.ts';
import { strict } from './strict.ts';
import { Contents } from './web-contents.ts';

interface WindowOptions {
  readonly width?: number;
  readonly height?: number;
  readonly x?: number;
  readonly y?: number;
  readonly webPreferences?: {
    readonly preload?: string;
    readonly session?: StandInSession;
    readonly sandbox?: boolean;
    readonly contextIsolation?: boolean;
    readonly nodeIntegration?: boolean;
  };
}

const windows = new Set<StandInWindow>();
let quitting = false;

/** Only what a safe window has can be shown here, so anything else is refused. */
function checked(options: WindowOptions) {
  const { preload, session, sandbox, contextIsolation, nodeIntegration } = options.webPreferences ?? {};
  if (sandbox !== true || contextIsolation !== true || nodeIntegration !== false || !preload || !session) {
    throw new Error('the stand-in opens sandboxed, isolated windows with a preload and a session, and no others');
  }
  return { preload, session };
}

class StandInWindow extends EventEmitter {
  readonly webContents;
  readonly contents: Promise<Contents>;
  targetId: string | undefined;
  destroyed = false;
  readonly bounds: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  maximized = false;

  constructor(options: WindowOptions) {
    super();
    const { preload, session } = checked(options);
    const { x = 0, y = 0, width = 800, height = 600 } = options;
    this.bounds = { x, y, width, height };
    windows.add(this);
    const { cdp } = theChromium();
    this.contents = Contents.create(cdp, preload, session.schemes, width, height);
    let current: Contents | undefined;
    const events = new EventEmitter();
    this.webContents = strict(
      'webContents',
      Object.assign(events, {
        window: this,
        setWindowOpenHandler: (handler: Contents['openHandler']) => {
          void this.contents.then((contents) => {
            contents.openHandler = handler;
          });
        },
        send: (channel: string, ...values: unknown[]) => current?.send(channel, values),
        isDestroyed: () => this.destroyed,
        close: () => this.close(),
      }),
    );
    void this.contents.then((contents) => {
      stage('window created');
      current = contents;
      this.targetId = contents.targetId;
      contents.events.on('will-navigate', (event) => events.emit('will-navigate', event));
      contents.events.on('did-finish-load', () => events.emit('did-finish-load'));
      contents.events.once('did-finish-load', () => {
        stage('page loaded');
        this.emit('ready-to-show');
      });
    });
    this.contents.catch((error: unknown) => stage(`the window failed: ${String(error)}`));
  }

  static getAllWindows(): StandInWindow[] {
    return [...windows];
  }

  static fromWebContents(contents: { readonly window: StandInWindow }): StandInWindow {
    return contents.window;
  }

  async loadURL(address: string): Promise<void> {
    await (await this.contents).load(address);
  }

  show(): void {}

  maximize(): void {
    this.maximized = true;
  }

  isMaximized(): boolean {
    return this.maximized;
  }

  getNormalBounds() {
    return this.bounds;
  }

  isDestroyed(): boolean {
    return this.destroyed;
  }

  close(): void {
    void this.closeInOrder();
  }

  /** Closes unless a listener of `close` prevents it; gives whether the window is closed. */
  async closeInOrder(): Promise<boolean> {
    if (this.destroyed) return true;
    let prevented = false;
    const preventDefault = () => {
      prevented = true;
    };
    this.emit('close', { preventDefault });
    if (prevented) return false;
    stage('closing the window');
    const contents = await this.contents;
    await contents.close().catch(() => {});
    this.gone();
    return true;
  }

  /** The page is gone, whoever closed it. */
  gone(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    windows.delete(this);
    this.emit('closed');
    if (windows.size === 0 && !quitting) allWindowsClosed();
  }
}

export const BrowserWindow = new Proxy(StandInWindow, {
  construct: (target, [options]) => strict('BrowserWindow', new target(options)),
});

export const webContents = strict('webContents', {
  fromDevToolsTargetId: (id: string) => [...windows].find(({ targetId }) => targetId === id)?.webContents,
});

/** Closes all windows on the way out; false where one of them would not. */
export async function closeWindows(): Promise<boolean> {
  quitting = true;
  const closed = await Promise.all([...windows].map((window) => window.closeInOrder()));
  quitting = closed.every(Boolean);
  return quitting;
}

/** Watches for pages that go of themselves, and for windows that pages open. */
export async function watchTargets(): Promise<void> {
  const { cdp } = theChromium();
  cdp.on<{ targetId: string }>('Target.targetDestroyed', ({ targetId }) => {
    for (const window of windows) if (window.targetId === targetId) window.gone();
  });
  cdp.on<{ sessionId: string; targetInfo: { targetId: string; openerId?: string; url: string } }>(
    'Target.attachedToTarget',
    ({ sessionId, targetInfo: { targetId, openerId, url } }) => {
      const opener = [...windows].find((window) => openerId !== undefined && window.targetId === openerId);
      // A page that opens waits for us before it loads anything, as a window of Electron waits for its handler.
      const done = opener
        ? refusePopup(opener, targetId, url)
        : cdp.send('Runtime.runIfWaitingForDebugger', {}, sessionId);
      done.catch((error: unknown) => stage(String(error)));
    },
  );
  await cdp.send('Target.setDiscoverTargets', { discover: true });
  await cdp.send('Target.setAutoAttach', {
    autoAttach: true,
    waitForDebuggerOnStart: true,
    flatten: true,
    filter: [{ type: 'page' }],
  });
}

async function refusePopup(opener: StandInWindow, targetId: string, url: string): Promise<void> {
  const { openHandler } = await opener.contents;
  if (openHandler({ url }).action !== 'deny') throw new Error('the stand-in opens no windows for a page');
  await theChromium().cdp.send('Target.closeTarget', { targetId });
}
