import { once } from 'node:events';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { findElectron } from '../../tools/electron.ts';
import type { Running } from './app.ts';
import { patienceMs } from './browser.ts';
import { root } from './build-setup.ts';

/** The built desktop app, driven by Playwright. */
export interface Desktop extends Running {
  readonly electron: ElectronApplication;
}

/**
 * Starts the built desktop app: on Electron where its binary can run here, else on the stand-in. The limit is
 * shorter than that of a test, and the stand-in's stages are in the error, so that a launch that hangs says where.
 */
export async function launchOnElectron(home: string, watch: (page: Page) => void): Promise<Desktop> {
  const real = 'path' in findElectron(root);
  const electron = await _electron.launch({
    ...(!real && { executablePath: join(import.meta.dirname, 'stand-in/electron.sh') }),
    args: [root],
    env: { ...process.env, WIREBENCH_HOME: home, STAND_IN_NODE: process.execPath } as Record<string, string>,
    timeout: patienceMs,
  });
  const child = electron.process();
  const exited = once(child, 'exit');
  const page = await electron.firstWindow({ timeout: patienceMs });
  page.setDefaultTimeout(patienceMs);
  watch(page);
  return {
    electron,
    page,
    transport: {
      call: (name, input) =>
        page.evaluate(([called, given]) => window.wirebench?.call(called, given), [name, input] as const),
      subscribe: () => () => {},
    },
    async save(path, act) {
      await electron.evaluate(({ dialog }, filePath) => {
        dialog.showSaveDialog = async () => ({ canceled: false, filePath });
      }, path);
      await act();
    },
    async open(path, act) {
      await electron.evaluate(({ dialog }, filePath) => {
        dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [filePath] });
      }, path);
      await act();
    },
    async close() {
      await electron.close();
      await exited;
      return child.exitCode;
    },
  };
}
