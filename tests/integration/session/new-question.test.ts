import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

/** The question that is added: how long the longest message is. */
const answer = `
import type { Question } from '../asked-session.ts';

export const longest: Question<{ readonly atLeast: number }, { readonly bytes: number | null }> = (
  { atLeast },
  { queries: { reads: { index, cache } } },
) => {
  let bytes = -1;
  for (let at = 0; at < index.count; at += 1) {
    const block = cache.get(at);
    for (let place = 0; block && place < block.count; place += 1) bytes = Math.max(bytes, block.lengthOf(place));
  }
  return { ok: true, value: { bytes: bytes < atLeast ? null : bytes } };
};
`;
const schema = `
import { z } from 'zod';
import { count, question } from '../fields.ts';

export const longestSchema = question({ atLeast: count }, z.object({ bytes: z.number().nullable() }));
`;

/** Asks the live session, and the same when it has been opened. */
const askingSessions = `
import { createSessionLog, openSessionLog } from '#session/session-log.ts';
import { Boundaries } from '#shared/message/boundaries.ts';

const created = createSessionLog({ path: process.argv[2], name: 'live', appVersion: 'test' });
const log = created.value;
const boundaries = new Boundaries();
boundaries.push(3, 0, 0, 0);
boundaries.push(10, 0, 0, 0);
log.messages(1, 'in', Date.now(), new Uint8Array(0), Buffer.from('onelongest'), boundaries);
await log.flush();
const live = await log.ask('longest', { atLeast: 5 });
await log.close();
const opened = await openSessionLog(process.argv[2]);
const read = await opened.value.ask('longest', { atLeast: 8 });
await opened.value.close();
console.log(JSON.stringify([live, read]));
`;

/** Asks as a page does, of the session being recorded and of one that is opened. */
const askingCalls = `
import { createClient } from '#shared/contract/client.ts';
import { serve } from '#shared/contract/serve.ts';
import { createWorkbench } from '#workbench/create-workbench.ts';

const [, , path, home] = process.argv;
const { value: workbench } = await createWorkbench({ home, resources: home });
const client = createClient({
  call: (name, input) => serve(workbench.handlers, name, input, (_name, error) => console.error(error)),
  subscribe: () => () => undefined,
});
const { value: { sessions: [live] } } = await client.call('app.snapshot', {});
const opened = await client.call('sessions.open', { file: workbench.files.grantRead(path) });
const answers = [
  await client.call('sessions.longest', { session: live.id, atLeast: 0 }),
  await client.call('sessions.longest', { session: opened.value.id, atLeast: 5, job: 'longest' }),
  await client.call('sessions.longest', { session: opened.value.id, atLeast: -1 }),
];
await workbench.close();
console.log(JSON.stringify(answers));
`;

/** A copy of the sources, to which a question is added. */
class Copy implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'wirebench-'));

  constructor() {
    for (const layer of ['src/shared', 'src/main']) cpSync(layer, join(this.folder, layer), { recursive: true });
    cpSync('package.json', join(this.folder, 'package.json'));
    symlinkSync(resolve('node_modules'), join(this.folder, 'node_modules'));
  }

  file(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, text: string): void {
    writeFileSync(this.file(name), text);
  }

  /** Adds the question in the file `path` (of `folder`) to the catalogue in `folder`: one file and one entry. */
  add(folder: string, catalogueName: string, path: string, text: string, name: string, entry: string): void {
    this.write(`${folder}/${path}`, text);
    const catalogue = `${folder}/${catalogueName}`;
    const before = readFileSync(this.file(catalogue), 'utf8');
    const after = before.replace(/(export const \w+ = \{\n)/, `import { ${name} } from './${path}';\n$1  ${entry},\n`);
    if (after === before) throw new Error(`${catalogue} has no list to add to`);
    this.write(catalogue, after);
  }

  /** Runs `text` as a program; gives what it prints, as JSON. */
  async run(text: string, ...args: readonly string[]): Promise<unknown> {
    this.write('program.ts', text);
    const { stdout } = await promisify(execFile)(process.execPath, ['program.ts', ...args], { cwd: this.folder });
    return JSON.parse(stdout);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true });
  }
}

describe('a question that is new', () => {
  it('is one file and one entry of the catalogue for a live and an opened session, and one more of each for a page', async () => {
    using copy = new Copy();
    const path = copy.file('a.wirebench');
    copy.add('src/main/session', 'questions.ts', 'query/questions/longest.ts', answer, 'longest', 'longest');
    expect(await copy.run(askingSessions, path)).toEqual([
      { ok: true, value: { bytes: 7 } },
      { ok: true, value: { bytes: null } },
    ]);

    copy.add(
      'src/shared/contract/questions',
      'catalogue.ts',
      'longest.ts',
      schema,
      'longestSchema',
      'longest: longestSchema',
    );
    expect(await copy.run(askingCalls, path, copy.file('home'))).toMatchObject([
      { ok: true, value: { bytes: null } },
      { ok: true, value: { bytes: 7 } },
      { ok: false, error: { code: 'bad-input' } },
    ]);
  });
});
