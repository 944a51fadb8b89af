import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '#support/build-setup.ts';
import { type CaptureFile, capturesOf, isCapture } from '../captures/downloads.ts';
import { flowDifference } from '../captures/flow-messages.ts';
import { knownDifferences } from '../captures/known-differences.ts';
import { ourFlows } from '../captures/our-flows.ts';
import { packages } from '../captures/packages.ts';
import { tsharkFlows } from '../captures/tshark-flows.ts';
import { type Case, outsideData, type Suite } from '../suite.ts';

/** A folder with more captures to compare, of one's own. */
const folderVariable = 'WIREBENCH_CONFORMANCE_CAPTURES';
const atOnce = 2;
const same = 'the packets, bytes and times of tshark';

/** Captures of the field, compared with what tshark finds in them: chosen ones, with `--all` every one. */
export const captures: Suite = {
  name: 'captures',
  proves: 'imported captures have the bytes and times that tshark finds',
  differences: knownDifferences,
  isPartial: true,
  async cases(all) {
    if (spawnSync('tshark', ['--version']).error) return undefined;
    const found = distinct(await captureFiles(all));
    const counted = { flows: 0, messages: 0 };
    const cases: Case[] = [];
    const next = async (): Promise<void> => {
      for (let one = found.shift(); one; one = found.shift()) cases.push(await compared(one, counted));
    };
    await Promise.all(Array.from({ length: atOnce }, next));
    console.log(`captures: ${cases.length} captures, ${counted.flows} flows, ${counted.messages} messages`);
    return cases;
  },
};

async function captureFiles(all: boolean): Promise<CaptureFile[]> {
  const found = inFolder(join(root, 'tests/fixtures'));
  for (const wanted of packages) {
    if (!all && wanted.captures.length === 0) continue;
    const files = await capturesOf(wanted, all);
    if (typeof files === 'string') console.log(`captures: ${files}`);
    else found.push(...files);
  }
  const others = [process.env[folderVariable], all ? outsideData('') : undefined];
  return [...found, ...others.flatMap((folder) => (folder ? inFolder(folder) : []))];
}

function inFolder(folder: string): CaptureFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => ({ name, path: join(folder, name) }))
    .filter(({ path }) => isCapture(path));
}

/** Without those whose bytes another one has: packages share captures. */
function distinct(files: readonly CaptureFile[]): CaptureFile[] {
  const seen = new Set<string>();
  return files.filter(({ path }) => {
    const digest = createHash('sha256').update(readFileSync(path)).digest('hex');
    const isNew = !seen.has(digest);
    seen.add(digest);
    return isNew;
  });
}

async function compared({ name, path }: CaptureFile, counted: { flows: number; messages: number }): Promise<Case> {
  const right = await tsharkFlows(path);
  const actual = ourFlows(path);
  counted.flows += actual.flows.size;
  for (const messages of actual.flows.values()) counted.messages += messages.length;
  const differences: string[] = [];
  if (actual.packets !== right.packets) differences.push(`${actual.packets} packets, not ${right.packets}`);
  differences.push(flowDifference(right.flows, actual.flows));
  for (const [key, bytes] of right.followed) {
    const ours = Buffer.concat((actual.flows.get(key) ?? []).map((message) => message.bytes));
    if (Buffer.compare(ours, bytes) !== 0)
      differences.push(`${key}: ${ours.length} bytes, tshark follows ${bytes.length}`);
  }
  return { name, right: same, actual: differences.filter(Boolean).slice(0, 3).join('; ') || same };
}
