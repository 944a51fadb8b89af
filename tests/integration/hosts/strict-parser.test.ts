import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '#support/build-setup.ts';

/** The built files of a folder that contain the strict XML parser. */
function holders(folder: string): string[] {
  const path = join(root, folder);
  const scripts = readdirSync(path).filter((name) => /\.c?js$/.test(name));
  return scripts.filter((name) => readFileSync(join(path, name), 'utf8').includes('disallowed character in tag name'));
}

test('the strict XML parser is loaded when a document is checked or a template asks for an XPath, not with the page or the command line', () => {
  const page = holders('out/renderer/assets');
  const main = holders('out/main');
  const parts = [/^check-worker-/, /^document-worker-/, /^list-problems-/];
  expect(page).toEqual(parts.map((part) => expect.stringMatching(part)));
  expect(main).toEqual([/^cli-list-problems-/, /^template-xpath-/].map((part) => expect.stringMatching(part)));
});
