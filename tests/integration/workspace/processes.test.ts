import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { childProgram } from '#support/build-children.ts';
import { TestWorkspace } from '#support/workspace.ts';
import { killSavingProcess } from '#support/workspace-kills.ts';

// 200 times: `npm run attack`.
test('kill -9 during a save leaves the old or the new text, and the draft', () => killSavingProcess(6));

test('processes that change one document at the same time lose none of their changes', async () => {
  const path = 'payloads/orders/new-order.json';
  await using workspace = new TestWorkspace({ [path]: '' });
  const count = 40;
  const names = ['one', 'two', 'three'];
  const conflicts = await Promise.all(
    names.map(async (name) => {
      const args = [childProgram('workspace-child'), 'append', workspace.folder, name, String(count)];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      const [printed, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
      expect(code).toBe(0);
      return Number(printed);
    }),
  );
  const lines = readFileSync(workspace.file(path), 'utf8').trimEnd().split('\n');
  for (const name of names) {
    expect(lines.filter((line) => line.startsWith(`${name} `))).toEqual(
      Array.from({ length: count }, (_, number) => `${name} ${number}`),
    );
  }
  expect(lines).toHaveLength(names.length * count);
  expect(Math.max(...conflicts)).toBeGreaterThan(0);
});
