import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect } from 'vitest';
import { temporaryName } from '#files/replace-file.ts';
import { Drafts } from '#workspace/drafts.ts';
import { workspaceId } from '#workspace/workspace-folder.ts';
import { childProgram } from './build-children.ts';
import { answerOf } from './session.ts';
import { TestWorkspace } from './workspace.ts';

const path = 'payloads/orders/new-order.json';
/** A text is saved in less than this time: so the kill is at any moment of a save. Milliseconds. */
const mostMs = 25;

/** Returns the number of a text of the child; fails if it is not complete. */
function numberOf(bytes: Uint8Array): number {
  const text = String(Buffer.from(bytes));
  const body = text.slice(0, -64);
  expect(text.slice(-64)).toBe(createHash('sha256').update(body).digest('hex'));
  return Number(body.slice(0, body.indexOf('\n')));
}

/** Starts the child and kills it a moment after its first save; returns the number of the last text that it had saved. */
async function killWhileSaving(test: TestWorkspace, home: string, round: number): Promise<number> {
  const child = spawn(process.execPath, [childProgram('workspace-child'), 'save', test.folder, home, String(round)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.on('data', (bytes) => {
    printed += bytes;
  });
  const closed = once(child, 'close');
  await once(child.stdout, 'data');
  await setTimeout(Math.random() * mostMs);
  child.kill('SIGKILL');
  await closed;
  return Number(printed.slice(0, printed.lastIndexOf('\n')).split('\n').at(-1));
}

/**
 * Kills a process that saves and keeps drafts, at random moments, `kills` times. Each time the old or the new text is there as a whole,
 * with the draft, and nothing else is listed; at the end, the next open removes what the saves have left.
 */
export async function killSavingProcess(kills: number): Promise<void> {
  await using workspace = new TestWorkspace();
  const home = join(workspace.base, 'home');
  const drafts = new Drafts(home, workspaceId(workspace.folder));
  const leftovers = () =>
    round === 0 ? [] : readdirSync(workspace.file('payloads/orders')).filter((name) => temporaryName.test(name));
  let round = 0;
  // A process is rarely killed in none of its saves; then the test would show little.
  for (; round < kills || (leftovers().length === 0 && round < 10 * kills); round += 1) {
    const saved = await killWhileSaving(workspace, home, round);
    const number = numberOf(readFileSync(workspace.file(path)));
    expect(number).toBeGreaterThanOrEqual(saved);
    expect(number).toBeLessThanOrEqual(saved + 1);
    const kept = answerOf(await drafts.list());
    expect(kept.problems).toEqual([]);
    expect(numberOf(kept.drafts[0]?.bytes ?? new Uint8Array())).toBeGreaterThanOrEqual(saved);
    answerOf(await drafts.drop(path));
    const opened = await workspace.open();
    expect(opened.list().map((entry) => entry.path)).toEqual(['payloads', 'payloads/orders', path, 'wirebench.yaml']);
    await opened.close();
  }
  expect(leftovers().length).toBeGreaterThan(0);
  for (const name of leftovers()) utimesSync(workspace.file(`payloads/orders/${name}`), 0, 0);
  await workspace.open();
  expect(readdirSync(workspace.file('payloads/orders'))).toEqual(['new-order.json']);
}
