import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Workspace } from '#workspace/workspace.ts';
import { median, report } from './statistics.ts';

const documents = 2_000;
const folders = 50;

/** Opening a workspace of 2 000 documents, against a walk that reads each file. */
export async function benchWorkspaceOpen(rounds: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'wirebench-bench-'));
  try {
    writeFileSync(join(folder, 'wirebench.yaml'), 'name: bench\n');
    for (let number = 0; number < documents; number += 1) {
      const path = join(folder, 'payloads', `folder-${number % folders}`);
      mkdirSync(path, { recursive: true });
      writeFileSync(join(path, `${number}.json`), JSON.stringify({ number, text: 'x'.repeat(number) }));
    }
    const [ours, theirs]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round += 1) {
      theirs.push(timeWalk(folder));
      ours.push(await timeOpen(folder));
    }
    report(
      `opening a workspace of ${documents} documents`,
      ours.map((ms, round) => ms / (theirs[round] ?? Number.NaN)),
      `${median(ours).toFixed(0)} against ${median(theirs).toFixed(0)} ms (lower is better)`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function timeOpen(folder: string): Promise<number> {
  const startedAt = performance.now();
  const opened = await Workspace.open(folder);
  const tookMs = performance.now() - startedAt;
  if (!opened.ok) throw new Error(opened.error.system);
  await opened.value.close();
  return tookMs;
}

function timeWalk(folder: string): number {
  const startedAt = performance.now();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) readFileSync(join(entry.parentPath, entry.name));
  }
  return performance.now() - startedAt;
}
