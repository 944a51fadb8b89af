import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Cli } from '#support/cli.ts';
import { SessionFolder } from '#support/session.ts';

const folder = new SessionFolder();
afterAll(async () => await folder[Symbol.asyncDispose]());

const pair = 'import socket; one, two = socket.socketpair(); one.send(b"hi")';

/** Runs a program with `wirebench trace`, and returns its exit code and its output. */
async function traced(
  command: readonly string[],
  { input = '', env = {} }: { input?: string; env?: Record<string, string> } = {},
) {
  await using cli = new Cli(['trace', ...command], { env });
  cli.stdin.end(input);
  return await cli.end();
}

describe('a traced program keeps', () => {
  test.for([
    ['python3', `import sys; print(sys.stdin.read().upper()); sys.stderr.write("its error"); ${pair}; sys.exit(9)`],
    [
      process.execPath,
      'const t = require("fs").readFileSync(0, "utf8"); console.log(t.toUpperCase()); console.error("its error"); process.exitCode = 9',
    ],
  ] as const)('its standard streams and its exit code: %s', async ([program, code]) => {
    const option = program === 'python3' ? '-c' : '-e';
    const {
      code: exit,
      stdout,
      stderr,
    } = await traced(['-o', '/dev/null', '--', program, option, code], { input: 'typed\n' });
    expect({ exit, stdout: stdout.trim(), stderr: stderr.trim() }).toEqual({
      exit: 9,
      stdout: 'TYPED',
      stderr: 'its error',
    });
  });

  test('its working directory and its arguments', async () => {
    const code = 'import os, sys; print(os.getcwd(), sys.argv[1:])';
    const { stdout } = await traced(['--', 'python3', '-c', code, '--json', 'two words', '-o']);
    expect(stdout.trim()).toBe(`${process.cwd()} ['--json', 'two words', '-o']`);
  });

  test('its handling of signals', async () => {
    const code = `import signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: sys.exit(42))
print("ready", flush=True)
time.sleep(60)`;
    await using cli = new Cli(['trace', '--', 'python3', '-c', code]);
    await cli.lineWith('ready');
    process.kill(cli.pid, 'SIGTERM');
    expect((await cli.end()).code).toBe(42);
  });

  test('the signal that ends it, as an exit code', async () => {
    expect((await traced(['--', 'python3', '-c', 'import os; os.kill(os.getpid(), 9)'])).code).toBe(137);
  });

  test('the traceback of its exceptions, without lines of the tracer', async () => {
    const code = 'import socket\nsocket.socket().connect(("127.0.0.1", "no port"))';
    const { code: exit, stderr } = await traced(['-o', '/dev/null', '--', 'python3', '-c', code]);
    expect(exit).toBe(1);
    expect(stderr).toContain('TypeError');
    expect(stderr).not.toContain('wirebench_trace');
  });
});

describe('the tracer of Python leaves in place', () => {
  test('PYTHONPATH and a sitecustomize module', async () => {
    const path = folder.file('modules');
    await mkdir(path);
    await writeFile(join(path, 'sitecustomize.py'), 'import os\nos.environ["CUSTOM"] = "done"\n');
    await writeFile(join(path, 'helper.py'), 'name = "found"\n');
    const code = `import helper, os, sitecustomize; print(os.environ["CUSTOM"], helper.name, sitecustomize.__file__); ${pair}`;
    const { stdout, stderr } = await traced(['--', 'python3', '-c', code], { env: { PYTHONPATH: path } });
    expect(stdout.trim()).toBe(`done found ${join(path, 'sitecustomize.py')}`);
    expect(stderr).toContain('send(');
  });

  test('a virtual environment', async () => {
    const environment = folder.file('venv');
    execFileSync('python3', ['-m', 'venv', '--without-pip', environment]);
    const code = `import sys; print(sys.prefix); ${pair}`;
    const { stdout, stderr } = await traced(['--', join(environment, 'bin', 'python'), '-c', code]);
    expect(stdout.trim()).toBe(environment);
    expect(stderr).toContain('send(');
  });
});

test('the options of Node.js in the environment stay, and a program that does not exist is a failure', async () => {
  const env = { NODE_OPTIONS: '--max-http-header-size=9000' };
  const { stdout } = await traced(['--', process.execPath, '-p', 'require("http").maxHeaderSize'], { env });
  expect(stdout.trim()).toBe('9000');
  const missing = await traced(['--', '/nonexistent/program']);
  expect(missing.code).toBe(1);
  expect(missing.stderr).toContain('Could not start “/nonexistent/program”');
});
