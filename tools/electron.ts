import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { noDisplay } from '../src/main/hosts/browser/open-page.ts';

/**
 * Finds the Electron binary of the checkout in `root`, or returns why it cannot be used: it is not installed, or there is
 * no display. Does not import `electron`, because outside of Electron that import downloads the binary.
 */
export function findElectron(
  root: string,
): { readonly path: string; readonly version: string } | { readonly reason: string } {
  const folder = join(root, 'node_modules', 'electron');
  const pathFile = join(folder, 'path.txt');
  if (!existsSync(pathFile)) return { reason: 'Electron’s binary is not installed (npx install-electron installs it)' };
  const path = join(folder, 'dist', readFileSync(pathFile, 'utf8').trim());
  if (!existsSync(path)) return { reason: 'Electron’s binary is missing (npx install-electron installs it)' };
  const hidden = noDisplay();
  if (hidden) return { reason: hidden };
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  return { path, version };
}
