import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { jsonRecords, runCli } from '#support/cli.ts';
import { acceptedSocket, recordMessages, SessionFolder } from '#support/session.ts';

async function recorded(folder: SessionFolder): Promise<string> {
  const log = folder.create('run.wirebench');
  log.describe({ ...acceptedSocket, framing: 'raw' });
  log.describe({ ...acceptedSocket, id: 3, role: 'listener', peer: '', framing: 'raw' });
  log.describe({ ...acceptedSocket, id: 2, transport: 'udp', framing: 'raw' });
  recordMessages(
    log,
    'in',
    ['one\nt', 'wo\nthr', 'ee\n'].map((text) => Buffer.from(text)),
  );
  log.event(2, Date.now(), { kind: 'bound', local: { host: '127.0.0.1', port: 1, family: 4 } });
  await log.close();
  return folder.file('run.wirebench');
}

describe('wirebench log reframe', () => {
  test('makes a session in which messages are cut otherwise, and says what came of it', async () => {
    await using folder = new SessionFolder();
    const file = await recorded(folder);
    const out = folder.file('lines.wirebench');
    const { code, stdout, stderr } = await runCli(['log', 'reframe', file, '--framing', 'line', '-o', out]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toMatch(/^4 records \(3 messages; 1 stream re-framed\), .* B, written to .*lines\.wirebench\n$/);
    const lines = jsonRecords((await runCli(['log', 'export', out, '--filter', 'in'])).stdout);
    expect(lines.map(({ text }) => text)).toEqual(['one', 'two', 'three']);
    const stats = await runCli(['log', 'stats', out, '--json']);
    expect(JSON.parse(stats.stdout)).toMatchObject({ name: 'run.wirebench, framed as line', records: 4 });
  });

  test('prints JSON, and cuts only the sockets that were named', async () => {
    await using folder = new SessionFolder();
    const file = await recorded(folder);
    const out = folder.file('one.wirebench');
    const args = ['log', 'reframe', file, '--framing', 'line', '--socket', '1', '-o', out, '--json'];
    const { stdout, code } = await runCli(args);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ path: out, records: 4, messages: 3, sockets: 1, notice: '' });
  });

  test('says in words what it cannot cut, and leaves no file', async () => {
    await using folder = new SessionFolder();
    const file = await recorded(folder);
    const out = folder.file('none.wirebench');
    const datagrams = await runCli(['log', 'reframe', file, '--framing', 'line', '--socket', '2', '-o', out]);
    expect(datagrams.code).toBe(1);
    expect(datagrams.stderr).toContain('none of the sockets has a stream');
    const over = await runCli(['log', 'reframe', file, '--framing', 'line', '-o', file]);
    expect([over.code, over.stderr.includes('not overwritten')]).toEqual([1, true]);
    const wrong = await runCli(['log', 'reframe', file, '--framing', 'nonsense', '-o', out]);
    expect([wrong.code, wrong.stderr.includes('Use one of these framings')]).toEqual([2, true]);
    expect((await runCli(['log', 'reframe', file, '-o', out])).code).toBe(2);
    expect(await readdir(folder.path)).toEqual(['run.wirebench']);
  });
});
