import { EventEmitter } from 'node:events';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeWindows } from './browser-window.ts';
import { stage } from './log.ts';
import { theChromium } from './runtime.ts';
import { strict } from './strict.ts';

/** An event whose default can be prevented; gives whether it was. */
function isPrevented(emitter: EventEmitter, name: string): boolean {
  let prevented = false;
  const preventDefault = () => {
    prevented = true;
  };
  emitter.emit(name, { preventDefault });
  return prevented;
}

const paths = new Map<string, string>([
  ['home', homedir()],
  ['documents', join(homedir(), 'Documents')],
  ['temp', tmpdir()],
]);

const ready = Promise.withResolvers<void>();
let isReady = false;
let exiting = false;

async function quit(): Promise<void> {
  stage('quitting');
  if (isPrevented(emitter, 'before-quit')) return;
  if (!(await closeWindows())) return;
  stage('windows closed');
  if (isPrevented(emitter, 'will-quit')) return;
  await exit(0);
}

async function exit(code: number): Promise<void> {
  if (exiting) return;
  exiting = true;
  stage(`exiting with ${code}`);
  emitter.emit('quit', {}, code);
  await theChromium().close();
  process.exit(code);
}

const emitter = Object.assign(new EventEmitter(), {
  isPackaged: false,
  isReady: () => isReady,
  whenReady: () => ready.promise,
  getPath(name: string): string {
    const path = paths.get(name);
    if (path === undefined) throw new Error(`the stand-in has no path “${name}”`);
    return path;
  },
  setPath: (name: string, path: string) => void paths.set(name, path),
  quit: () => void quit(),
  exit: (code = 0) => void exit(code),
});

export const app = strict('app', emitter);

/** Lets the app become ready, as Playwright does on real Electron once it listens. */
export function becomeReady(): void {
  isReady = true;
  emitter.emit('ready', {});
  ready.resolve();
}

/** What happens when the last window is closed. */
export function allWindowsClosed(): void {
  if (!emitter.emit('window-all-closed')) void quit();
}
