import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { browserFlags, findBrowser } from '../browser.ts';
import { Cdp } from './cdp.ts';

/** A Chromium that ends with this process: it exits when its pipe does. */
export interface Chromium {
  readonly cdp: Cdp;
  /** Ends Chromium and deletes its profile. */
  close(): Promise<void>;
}

/**
 * Starts Chromium without a window. It listens for Playwright as well, and its line that says where is passed on to
 * our stderr, where Playwright waits for it.
 */
export function startChromium(onExit: () => void): Chromium {
  const profile = mkdtempSync(join(tmpdir(), 'wirebench-stand-in-'));
  const flags = [
    '--no-startup-window',
    '--remote-debugging-port=0',
    '--remote-debugging-pipe',
    `--user-data-dir=${profile}`,
  ];
  const child = spawn(findBrowser(), [...browserFlags, ...flags], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
  });
  const [, , errors, out, input] = child.stdio as [null, null, Readable, Writable, Readable];
  let rest = '';
  errors.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('DevTools listening on')) process.stderr.write(`${line}\n`);
  });
  child.on('exit', onExit);
  return {
    cdp: new Cdp(out, input),
    async close() {
      if (child.exitCode === null && child.signalCode === null) {
        const exited = once(child, 'exit');
        const limit = setTimeout(() => child.kill('SIGKILL'), 3_000);
        out.end();
        await exited;
        clearTimeout(limit);
      }
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
