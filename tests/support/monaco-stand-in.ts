import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const real = /\/composer\/[\w-]+\.tsx?(\?.*)?$/;
const standIn = fileURLToPath(new URL('fake-monaco.ts', import.meta.url));

/** Gives the payload's editor the stand-in for Monaco, which has no place to show itself without a layout. */
export const monacoStandIn: Plugin = {
  name: 'wirebench:monaco-stand-in',
  enforce: 'pre',
  resolveId: (source, importer) => (source === './monaco.ts' && importer && real.test(importer) ? standIn : null),
};
