import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { build } from 'vite';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** Makes in `folder` a copy of the built app whose page is one of React with one heading, built as the app's own is. */
export async function copyWithEmptyPage(folder: string): Promise<void> {
  await mkdir(join(folder, 'out'), { recursive: true });
  await cp(join(repository, 'out/main'), join(folder, 'out/main'), { recursive: true });
  await cp(join(repository, 'resources'), join(folder, 'resources'), { recursive: true });
  await cp(join(repository, 'package.json'), join(folder, 'package.json'));
  await build({
    root: fileURLToPath(new URL('./subjects/empty-page', import.meta.url)),
    configFile: false,
    logLevel: 'error',
    plugins: [react()],
    build: { outDir: join(folder, 'out/renderer'), minify: 'oxc', target: 'chrome140', emptyOutDir: true },
  });
}
