// Runs the app in a folder as Electron would: Chromium first, then the app's main module, ready when Playwright is.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app, becomeReady } from './app.ts';
import { watchTargets } from './browser-window.ts';
// Playwright requires it as soon as it is connected, which fails while the app's own import is still loading it.
import './electron.ts';
import { stage } from './log.ts';
import { theChromium } from './runtime.ts';

const folder = process.argv.slice(2).find((argument) => !argument.startsWith('-'));
if (folder === undefined) throw new Error('the stand-in wants the folder of an app');
process.on('SIGTERM', () => app.quit());
process.on('SIGINT', () => app.quit());
Object.defineProperty(process, 'versions', { value: { ...process.versions, electron: '(stand-in)' } });

// Playwright calls this once both of its connections stand, and does not call again: so it exists before Chromium does.
const connected = new Promise<void>((resolve) => {
  Object.assign(globalThis, { __playwright_run: () => resolve() });
});

stage('starting chromium');
theChromium();
await watchTargets();
stage('chromium answers');

const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { main: string };
await import(pathToFileURL(resolve(folder, manifest.main)).href);
stage('the app is loaded');
await connected;
stage('playwright is ready');
becomeReady();
