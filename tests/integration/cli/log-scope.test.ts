import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Cli, type CliEnd, jsonRecords, runCli } from '#support/cli.ts';
import { acceptedSocket, recordMessages, SessionFolder } from '#support/session.ts';

const requests = Array.from({ length: 1_500 }, (_, id) =>
  Buffer.from(`{"id":${id},"user":"${id % 2 ? 'ann' : 'bob'}"}\n`),
);
const replies = requests.slice(0, 3).map((_, id) => Buffer.from(`{"id":${id},"error":"no such user €"}\n`));

let folder: SessionFolder;
let file: string;

beforeAll(async () => {
  folder = new SessionFolder();
  const log = folder.create('run.wirebench');
  file = log.path;
  log.describe(acceptedSocket);
  log.describe({ ...acceptedSocket, id: 2, peer: '127.0.0.1:51423' });
  const at = Date.UTC(2026, 2, 1);
  const first = recordMessages(log, 'in', requests, 1, at);
  recordMessages(log, 'out', replies, 1, at + 50);
  log.event(2, at + 60, { kind: 'ended' });
  log.event(2, at + 60, { kind: 'closed', cause: 'peer', bytesIn: 0, bytesOut: 0 });
  await log.flush();
  await log.mark(first + 4, { bookmarked: true, note: 'look here' });
  await log.close();
});
afterAll(() => folder[Symbol.asyncDispose]());

const show = (...options: string[]): Promise<CliEnd> => runCli(['log', 'show', file, ...options]);
const numbers = ({ stdout }: CliEnd) =>
  stdout
    .split('\n')
    .slice(1, -1)
    .map((line) => Number(line.trim().split(' ')[0]));

describe('wirebench log show', () => {
  test('prints only the records that match a filter, however far apart they are', async () => {
    const found = await show('--filter', 'json.id == 1499 || text contains "no such" || kind == closed');
    expect(found).toMatchObject({ code: 0, stderr: '' });
    expect(numbers(found)).toEqual([1_499, 1_500, 1_501, 1_502, 1_504]);
    expect(numbers(await show('--filter', 'json.id == 77777'))).toEqual([]);
  });

  test('prints the first or the last of them, and those of a socket and a direction', async () => {
    expect(numbers(await show('--first', '2', '--filter', 'json.user == "ann"'))).toEqual([1, 3]);
    expect(numbers(await show('--last', '3', '--filter', 'in'))).toEqual([1_497, 1_498, 1_499]);
    expect(numbers(await show('--direction', 'out'))).toEqual([1_500, 1_501, 1_502]);
    expect(numbers(await show('--socket', '2'))).toEqual([1_503, 1_504]);
    expect(numbers(await show('--socket', '1,2', '--socket', '3', '--direction', 'out', '--last', '1'))).toEqual([
      1_502,
    ]);
    expect(numbers(await show('--last', '1'))).toEqual([1_504]);
  });

  test('shows bookmarks and notes', async () => {
    const { stdout } = await show('--filter', 'bookmarked');
    expect(stdout.split('\n')[1]).toMatch(/^ +4 .*"bob"\} {2}★ {2}\[look here\]$/);
  });

  test('prints JSON lines of them with --json', async () => {
    const { stdout } = await show('--json', '--filter', 'note contains "here"');
    expect(jsonRecords(stdout)).toMatchObject([{ seq: 4, bookmarked: true, note: 'look here' }]);
  });
});

describe('a filter that is none', () => {
  test.each(['show', 'stats', 'export'])('ends log %s with code 2, its place marked, and a hint', async (command) => {
    const { code, stdout, stderr } = await runCli(['log', command, file, '--filter', 'in && len > ']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    const [said, filter, marks, ...words] = stderr.split('\n');
    expect([said, filter]).toEqual(['error: invalid filter', '  in && len > ']);
    expect(marks).toMatch(/^ {2} {9,12}\^+$/);
    expect(words.length).toBeGreaterThan(2);
  });

  test('marks the word that is wrong', async () => {
    const { stderr } = await show('--filter', 'in && colour == 3');
    expect(stderr).toContain('  in && colour == 3\n        ^^^^^^\n');
  });
});

describe('wirebench log stats', () => {
  test('counts what a filter lets through, and pairs replies by a path', async () => {
    const { stdout } = await runCli(['log', 'stats', file, '--pairing', 'json.id', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ records: 1_505, replies: { requests: 1_500, replies: 3 } });
    const some = await runCli(['log', 'stats', file, '--filter', 'json.user == "ann"', '--direction', 'in', '--json']);
    expect(JSON.parse(some.stdout)).toMatchObject({ records: 750, messagesIn: 750, messagesOut: 0 });
  });
});

describe('wirebench log export', () => {
  test('writes what is chosen to a file and to the standard output alike', async () => {
    const chosen = ['--filter', 'json.id < 3', '--direction', 'out'];
    for (const format of ['csv', 'wirebench']) {
      const out = folder.file(`chosen.${format}`);
      const saved = await runCli(['log', 'export', file, '--format', format, '-o', out, ...chosen]);
      expect([saved.code, saved.stderr.startsWith('3 records, ')]).toEqual([0, true]);
      const printed = await printedBytes('log', 'export', file, '--format', format, ...chosen);
      expect([format, Buffer.compare(printed, await readFile(out))]).toEqual([format, 0]);
    }
  });

  test('writes the bytes of one socket and direction as they were', async () => {
    const printed = await printedBytes('log', 'export', file, '--format', 'raw', '--socket', '1', '--direction', 'in');
    expect(Buffer.compare(printed, Buffer.concat(requests))).toBe(0);
  });

  test('wants a file for a database', async () => {
    const printed = await runCli(['log', 'export', file, '--format', 'sqlite']);
    expect({ code: printed.code, stdout: printed.stdout }).toEqual({ code: 2, stdout: '' });
    expect(printed.stderr).toContain('Specify a file with -o.');
    const saved = await runCli(['log', 'export', file, '--format', 'sqlite', '-o', folder.file('run.db')]);
    expect(saved.code).toBe(0);
    expect((await stat(folder.file('run.db'))).size).toBeGreaterThan(10_000);
  });
});

/** What the program prints, byte for byte. */
async function printedBytes(...args: string[]): Promise<Buffer> {
  await using cli = new Cli(args, { unread: true });
  const chunks: Buffer[] = [];
  cli.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(cli.stdout, 'end');
  expect(await cli.exit()).toBe(0);
  return Buffer.concat(chunks);
}
