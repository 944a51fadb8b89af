import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Cli } from '#support/cli.ts';
import { SessionFolder } from '#support/session.ts';

const programs = fileURLToPath(new URL('../../support/traced', import.meta.url));
const folder = new SessionFolder();
const program = folder.file('echo');

beforeAll(() => void execFileSync('cc', ['-pthread', '-w', '-o', program, join(programs, 'c', 'echo.c')]));
afterAll(async () => await folder[Symbol.asyncDispose]());

/** Runs `wirebench trace --json`, and returns its exit code, its lines, and what the program wrote. */
async function traceJson(args: readonly string[], env: Record<string, string> = {}) {
  const file = folder.file('calls.jsonl');
  await using cli = new Cli(['trace', '--json', '-o', file, ...args], { env });
  const { code, stdout, stderr } = await cli.end();
  const text = await readFile(file, 'utf8').catch(() => '');
  const calls = text
    .split('\n')
    .slice(0, -1)
    .map((line): CallLine => JSON.parse(line));
  return { code, stdout, stderr, calls };
}

/** A line of the trace, as far as the tests look at it. */
interface CallLine {
  readonly call: string;
  readonly result: number;
  readonly errno?: string;
  readonly pid: number;
  readonly socket?: { readonly number: number; readonly local: string; readonly peer: string };
  readonly text?: string;
  readonly base64?: string;
}

/** Returns the calls of each socket: name, result and text. */
function socketsOf(calls: readonly CallLine[]): string[] {
  const sockets = new Map<string, string[]>();
  for (const { call, result, errno, pid, socket, text } of calls) {
    if (!socket) continue;
    const key = `${pid} ${socket.number}`;
    const isNew = call === 'socket' || call === 'accept';
    const shown = `${call}=${isNew && result >= 0 ? 'new' : (errno ?? result)}${text ? ` ${JSON.stringify(text)}` : ''}`;
    sockets.set(key, [...(sockets.get(key) ?? []), shown]);
  }
  return [...sockets.values()].map((one) => one.join(', ')).sort();
}

test('the calls of a C program, its threads and child processes are reported, and its exit code is kept', async () => {
  const { code, stderr, calls } = await traceJson(['--', program]);
  expect(stderr).toBe('');
  expect(code).toBe(7);
  const bytes = Buffer.from('h\0"\x80\n', 'latin1').toString('base64');
  expect(
    calls
      .filter(({ base64 }) => base64 === bytes)
      .map(({ call }) => call)
      .sort(),
  ).toEqual(['read', 'recv', 'send', 'write']);
  expect(socketsOf(calls)).toEqual(
    [
      'socket=new, bind=0, listen=0, getsockname=0, accept=new, accept=new, close=0',
      'recv=5, send=5, close=0',
      'recv=5 "child", send=5 "child", close=0',
      'socket=new, connect=0, write=5, read=5, shutdown=0, close=0',
      'socket=new, connect=0, write=5 "child", read=5 "child", shutdown=0, close=0',
      'socket=new, sendto=9 "to nobody", close=0',
      'socket=new, connect=ECONNREFUSED',
    ].sort(),
  );
  expect(new Set(calls.map(({ pid }) => pid)).size).toBe(2);
  const connect = calls.find(({ call }) => call === 'connect');
  const listen = calls.find(({ call }) => call === 'getsockname');
  expect(connect?.socket?.peer).toBe(listen?.socket?.local);
});

test('--strace traces a Python program too', async () => {
  const { code, calls } = await traceJson(['--strace', '--', 'python3', join(programs, 'python', 'blocking.py')]);
  expect(code).toBe(0);
  expect(socketsOf(calls)).toContain('getsockname=0, recv=14 "Hello, server!", send=17 "Message received!", close=0');
});

test('a call that waits is shown while it waits, and a signal to the trace reaches the program', async () => {
  const code = 'import socket; socket.create_server(("127.0.0.1", 0)).accept()';
  await using cli = new Cli(['trace', '--strace', '--', 'python3', '-c', code]);
  await expect.poll(() => cli.stderr).toMatch(/accept\(\d+\) waits/);
  process.kill(cli.pid, 'SIGTERM');
  expect((await cli.end()).code).toBe(128 + 15);
});

test('without strace, the trace says what to install, and does not run the program', async () => {
  const { code, stderr, calls } = await traceJson(['--', program], { PATH: '/nonexistent' });
  expect({ code, calls }).toEqual({ code: 1, calls: [] });
  expect(stderr).toContain('not a Python or Node.js program, and strace cannot be run');
  expect(stderr).toContain('Install strace');
});
