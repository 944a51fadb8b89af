import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { builtCli } from '#support/cli.ts';
import { answerOf } from '#support/session.ts';
import { TestWorkspace } from '#support/workspace.ts';
import { OpenWorkspace } from '#workbench/open-workspace.ts';
import { FileSecretStore } from '#workspace/secrets.ts';
import { Workspace } from '#workspace/workspace.ts';

const run = promisify(execFile);

test('a million files are refused, or opened, within two seconds', async () => {
  await using hostile = new TestWorkspace();
  // The shell's tools make them in a fraction of the time.
  for (let folder = 0; folder < 1_000; folder += 1) mkdirSync(hostile.file(`payloads/${folder}`), { recursive: true });
  const make = `seq 0 999 | xargs -P 2 -I{} sh -c 'cd "{}" && seq 1000 | xargs touch'`;
  execFileSync('sh', ['-c', make], { cwd: hostile.file('payloads') });
  const startedAt = performance.now();
  const opened = await Workspace.open(hostile.folder);
  const tookMs = performance.now() - startedAt;
  console.log(`a million files: ${tookMs.toFixed(0)} ms, ${opened.ok ? 'opened' : opened.error.system}`);
  if (opened.ok) await opened.value.close();
  else expect(opened.error).toMatchObject({ code: 'too-large', system: expect.stringMatching(/\d/) });
  expect(tookMs).toBeLessThan(2_000);
});

test('a thousand documents that are slow to refuse do not delay the workspace: it opens within two seconds', async () => {
  const many = Array.from({ length: 250 }, (_, at) => at);
  const texts = {
    brackets: '['.repeat(90_000),
    bomb: many.map((at) => `a${at}: &a${at} [${at === 0 ? 'x' : `*a${at - 1}, *a${at - 1}`}]`).join('\n'),
    keys: Array.from({ length: 20_000 }, (_, at) => `k${at}: 1`).join('\n'),
    quotes: 'a: "'.repeat(40_000),
  };
  await using hostile = new TestWorkspace();
  for (const [name, text] of Object.entries(texts)) {
    for (const at of many) hostile.put(`environments/${name}-${at}.yaml`, text);
  }
  const home = join(hostile.base, 'home');
  const startedAt = performance.now();
  const files = answerOf(await Workspace.open(hostile.folder));
  const workspace = await OpenWorkspace.open(files, {
    home,
    secrets: new FileSecretStore(home, files.id),
    emit: () => {},
  });
  const view = await workspace.view();
  const tookMs = performance.now() - startedAt;
  await workspace.close();
  console.log(`a thousand hostile documents: ${tookMs.toFixed(0)} ms`);
  expect(view.documents.filter(({ path }) => path.startsWith('environments/'))).toHaveLength(1_000);
  expect(tookMs).toBeLessThan(2_000);
});

test('nothing outside the workspace is opened for a document that names or links it, as strace sees it', async () => {
  await using hostile = new TestWorkspace({
    'payloads/good.txt': 'good',
    'payloads/bad.txt': '{{ "../outside/secret.txt" | file }}{{ "/etc/hostname" | file }}',
    'payloads/bad.txt.meta.yaml': 'template: true\n',
    'lists/up.yaml': 'steps: [{ payload: ../outside/secret }]\nrows: ../outside/rows.csv\n',
  });
  const outside = join(hostile.base, 'outside');
  mkdirSync(outside);
  for (const name of ['secret.txt', 'rows.csv']) writeFileSync(join(outside, name), 'outside');
  symlinkSync(join(outside, 'secret.txt'), hostile.file('payloads/link.txt'));
  symlinkSync(outside, hostile.file('payloads/folder'));
  const trace = join(hostile.base, 'trace');
  const home = join(hostile.base, 'home');
  const commands = [
    ['payload', 'list'],
    ['payload', 'show', 'link.txt'],
    ['payload', 'show', 'folder/secret.txt'],
    ['payload', 'show', '../../outside/secret.txt'],
    ['payload', 'render', 'bad.txt'],
    ['send', '127.0.0.1:9', '--list', 'up'],
  ];
  for (const command of commands) {
    const strace = ['-f', '-qq', '-A', '-o', trace, '-e', 'trace=open,openat,creat,rename,unlink,link,symlink'];
    const program = [process.execPath, builtCli, ...command, '--workspace', hostile.folder];
    await run('strace', [...strace, ...program], { env: { ...process.env, WIREBENCH_HOME: home } }).catch(() => {});
  }
  const opened = readFileSync(trace, 'utf8')
    .split('\n')
    .filter((line) => /= \d+$/.test(line));
  expect(opened.filter((line) => line.includes(hostile.file('payloads'))).length).toBeGreaterThan(0);
  expect(opened.filter((line) => line.includes(outside) || line.includes('/etc/hostname'))).toEqual([]);
  expect(existsSync(join(outside, 'secret.txt'))).toBe(true);
});
