// Saves texts in a workspace and keeps each as a draft, until it is killed: save WORKSPACE HOME ROUND. Prints the number of each text
// when it is on the disk. Or adds numbered lines to a document beside other processes: append WORKSPACE NAME COUNT.
import { createHash } from 'node:crypto';
import { Drafts } from '#workspace/drafts.ts';
import { Workspace } from '#workspace/workspace.ts';
import { answerOf } from './session.ts';

const path = 'payloads/orders/new-order.json';

/** A text with its number in front, so long that writing it takes a while, and a checksum at its end. */
function numberedText(number: number): Buffer {
  const body = `${number}\n${String(number % 10).repeat(150_000)}\n`;
  return Buffer.from(body + createHash('sha256').update(body).digest('hex'));
}

async function save(workspace: Workspace, home: string, round: number): Promise<void> {
  const drafts = new Drafts(home, workspace.id);
  const found = await workspace.read(path);
  let basedOn = found.ok ? found.value.version : 'new';
  for (let number = round * 1_000; ; number += 1) {
    const bytes = numberedText(number);
    const saved = answerOf(await workspace.write(path, bytes, basedOn));
    if (saved.kind === 'conflict') throw new Error('no other program saves');
    basedOn = saved.version;
    void drafts.keep({ key: path, bytes, basedOn, details: number });
    answerOf(await drafts.flush());
    process.stdout.write(`${number}\n`);
  }
}

async function append(workspace: Workspace, name: string, count: number): Promise<void> {
  let conflicts = 0;
  for (let number = 0; number < count; ) {
    const { bytes, version } = answerOf(await workspace.read(path));
    const text = Buffer.concat([bytes, Buffer.from(`${name} ${number}\n`)]);
    if (answerOf(await workspace.write(path, text, version)).kind === 'saved') number += 1;
    else conflicts += 1;
  }
  await workspace.close();
  process.stdout.write(`${conflicts}\n`);
}

const [kind, folder = '', target = '', number = ''] = process.argv.slice(2);
const workspace = answerOf(await Workspace.open(folder));
if (kind === 'save') await save(workspace, target, Number(number));
else await append(workspace, target, Number(number));
