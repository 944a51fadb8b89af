import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root } from '#support/build-setup.ts';
import { runCli } from '#support/cli.ts';
import { freePort } from '#support/raw-server.ts';

const runner = join(root, 'tests', 'support', 'traced', 'run_both.py');
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wirebench-lesson-'));
});

afterEach(async () => await rm(folder, { recursive: true }));

/** Writes the starter programs of a lesson, with a port that is not used. */
async function writeStarters(lesson: string): Promise<void> {
  const wrote = await runCli(['lesson', 'write', lesson, folder]);
  expect(wrote).toMatchObject({ code: 0, stderr: '' });
  const port = String(await freePort());
  for (const name of await readdir(folder)) {
    const text = await readFile(join(folder, name), 'utf8');
    await writeFile(join(folder, name), text.replaceAll('12345', port));
  }
}

/** Traces runs of programs, each into one session, and checks each session against the lesson. A run: server, then clients. */
async function checked(lesson: string, run: string): Promise<{ code: number | null; stdout: string; session: string }> {
  const session = join(folder, `${run.replaceAll(/\W/g, '-')}.wirebench`);
  const runs = run.split(';').map((one) => one.trim().split(' '));
  const commands = runs.map((files) => [
    'python3',
    runner,
    ...files.map((file) => (file === '-' ? file : join(folder, file))),
  ]);
  const program = ['sh', '-c', commands.map((words) => words.join(' ')).join(' && ')];
  const traced = await runCli(['trace', '--no-app', '--record', session, '-o', '/dev/null', '--', ...program]);
  expect(traced.code).toBe(0);
  const { code, stdout } = await runCli(['lesson', 'check', lesson, session]);
  return { code, stdout, session };
}

const solutions = [
  ['1', 'server.py client.py'],
  ['2', 'many_server.py many_clients.py'],
  ['3', 'json_server.py json_client.py'],
  ['4', 'xml_server.py xml_client.py'],
  ['5', 'pieces_server.py pieces_client.py; lines_server.py lines_client.py'],
  ['6', 'udp_server.py udp_client.py'],
  ['7', 'names_server.py names_client.py'],
  ['8', '- refused_client.py address_in_use.py; closing_server.py closing_client.py'],
] as const;

const wrong = [
  ['1', '- client.py', 'No server listens: call listen() after bind().'],
  [
    '2',
    'one_client_server.py many_clients.py',
    'The server has accepted fewer than three clients: call accept() in a loop. (1 of 3)',
  ],
  [
    '3',
    'json_server.py json_client_faulty.py',
    'No program has sent a JSON object with a “name”: use json.dumps(), not str().',
  ],
  ['4', 'xml_server.py xml_client_faulty.py', 'A single & makes a document invalid: write &amp;.'],
  ['5', 'pieces_server.py pieces_client.py', 'No message that was sent ends with a line feed'],
  [
    '6',
    'udp_server.py udp_client_faulty.py',
    'The server has not received a datagram: send it to the address and port of bind().',
  ],
  ['7', '- names_client_faulty.py', 'No client has connected to ::1: use AF_INET6 and the address ::1.'],
  ['8', '- refused_client.py', 'No program has called shutdown().'],
] as const;

describe('wirebench lesson check', () => {
  it.each(solutions)('finds lesson %s done with its starter programs: %s', async (lesson, run) => {
    await writeStarters(lesson);
    const { code, stdout } = await checked(lesson, run);
    expect(stdout).not.toContain('missing');
    expect(code).toBe(0);
  });

  it.each(wrong)('says what is missing in lesson %s: %s', async (lesson, run, sentence) => {
    await writeStarters(lesson);
    const { code, stdout } = await checked(lesson, run);
    expect(stdout).toContain(sentence);
    expect(code).toBe(1);
  });

  it('prints JSON and writes a JUnit file', async () => {
    await writeStarters('5');
    const { session } = await checked('5', 'pieces_server.py pieces_client.py');
    const file = join(folder, 'result.xml');
    const { code, stdout } = await runCli(['lesson', 'check', '5-framing', session, '--json', '--junit', file]);
    expect(code).toBe(1);
    const steps = [{ done: true, matches: 2 }, { done: false, matches: 0, count: 1 }, { done: false }, { done: false }];
    expect(JSON.parse(stdout)).toMatchObject({ lesson: '5-framing', done: false, steps });
    const junit = await readFile(file, 'utf8');
    expect(junit).toContain('<testsuites tests="4" failures="3">');
    expect(junit).toContain('<failure message="No message that was sent ends with a line feed');
  });
});

describe('wirebench lesson', () => {
  it('lists the lessons and prints one', async () => {
    const { stdout } = await runCli(['lesson', 'list']);
    expect(stdout.split('\n').map((line) => line.split(' ')[0])).toEqual([
      '1-first-connection',
      '2-several-clients',
      '3-json',
      '4-xml',
      '5-framing',
      '6-udp',
      '7-addresses',
      '8-errors-and-closing',
      '',
    ]);
    const shown = await runCli(['lesson', 'show', '6', '--hints']);
    expect(shown.stdout).toContain('   $ wirebench trace -- python3 udp_server.py\n   Hint: SOCK_DGRAM means UDP.\n');
  });

  it('does not overwrite a file of the student', async () => {
    await writeFile(join(folder, 'server.py'), 'mine');
    const { code, stdout } = await runCli(['lesson', 'write', '1', folder]);
    expect(code).toBe(0);
    expect(stdout).toContain('not changed, exists already: server.py\n');
    expect(await readFile(join(folder, 'server.py'), 'utf8')).toBe('mine');
  });

  it.each([
    [['show', '99'], 'Could not find the lesson “99”'],
    [['check', '1', '/dev/null'], 'Could not read “/dev/null”'],
    [['show', '/dev/null/lesson.yaml'], 'Could not read the lesson'],
  ])('fails for %j', async (args, message) => {
    const { code, stderr } = await runCli(['lesson', ...args]);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
  });
});
