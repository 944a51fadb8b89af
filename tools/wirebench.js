#!/usr/bin/env node
// The `wirebench` command. Plain JavaScript that an old Node can read as well: it finds the Node that can run the rest.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [major, minor] = process.versions.node.split('.').map(Number);
// The first Node that runs TypeScript as it is, which `npm start` is written in.
const isNewEnough = major > 22 || (major === 22 && minor >= 18);

/** The Node that the lock file brings. */
function lockedNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const path = join(
    root,
    'node_modules',
    `node-${process.platform.replace('win32', 'win')}-${process.arch}`,
    'bin',
    name,
  );
  return existsSync(path) ? path : undefined;
}

/** Runs this file again under the Node at `path`. */
function runUnder(path) {
  const child = spawn(path, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = code === null ? 128 + (signal === 'SIGINT' ? 2 : 15) : code;
  });
}

async function run() {
  if (!isNewEnough) {
    const node = lockedNode();
    if (node) return runUnder(node);
    console.error(`wirebench needs Node 22.18 or newer (24 is best); this is ${process.versions.node}.`);
    process.exitCode = 1;
    return undefined;
  }
  if (process.argv.length === 2) return import('./start.ts');
  const cli = join(root, 'out', 'main', 'cli.js');
  if (existsSync(cli)) return import(pathToFileURL(cli).href);
  console.error('Wirebench is not built yet. Run: npm run build');
  process.exitCode = 1;
  return undefined;
}

await run();
