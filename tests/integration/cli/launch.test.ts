import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '#support/build-setup.ts';

test('the launcher of the command line loads no other file of the build, or the command would run twice', async () => {
  const launcher = await readFile(join(root, 'out/main/cli-launch.cjs'), 'utf8');
  expect(launcher).toContain('cli-command.cjs');
  expect(launcher).not.toMatch(/(?:require|import)\(\s*["'`]\.\//);
});
