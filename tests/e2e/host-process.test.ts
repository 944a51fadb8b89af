import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startHost } from '#support/app-browser.ts';
import { root } from '#support/build-setup.ts';

describe('the browser host as a process', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'wirebench-home-'));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('ends in order on %s', async (signal) => {
    const { child, address } = await startHost(home);
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}$/);
    const exited = once(child, 'exit');
    // A terminal and npm both hand Ctrl+C on: twice at once is once.
    child.kill(signal);
    child.kill(signal);
    expect(await exited).toEqual([0, null]);
    expect(await readdir(join(home, 'uploads'))).toEqual([]);
  });

  it('ends in order when the other end of its standard input goes', async () => {
    const { child } = await startHost(home);
    const exited = once(child, 'exit');
    child.stdin?.end();
    expect(await exited).toEqual([0, null]);
  });

  it('goes on where it never had a standard input', async () => {
    const child = spawn(process.execPath, [join(root, 'out/main/cli.js'), 'app', '--no-open'], {
      env: { ...process.env, WIREBENCH_HOME: home },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(child.stdout, 'data');
    const address = /http:\S+/.exec(String(line))?.[0] ?? '';
    expect((await fetch(address)).status).toBe(200);
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
  });

  it('says in three parts that its port is taken, and ends with 1', async () => {
    const first = await startHost(home);
    const { port } = new URL(first.address);
    const second = spawn(process.execPath, [join(root, 'out/main/cli.js'), 'app', '--no-open', '--port', port], {
      env: { ...process.env, WIREBENCH_HOME: home },
    });
    let said = '';
    second.stderr.on('data', (text) => {
      said += String(text);
    });
    const [code] = await once(second, 'close');
    expect(code).toBe(1);
    expect(said).toContain(`Could not serve Wirebench on 127.0.0.1:${port}`);
    expect(said).toContain('EADDRINUSE');
    expect(said).toContain('--port 0');
    expect(await first.stop()).toBe(0);
  });

  it('says what to do where its home cannot be made', async () => {
    const child = spawn(process.execPath, [join(root, 'out/main/cli.js'), 'app', '--no-open'], {
      env: { ...process.env, WIREBENCH_HOME: '/dev/null/home' },
    });
    let said = '';
    child.stderr.on('data', (text) => {
      said += String(text);
    });
    const [code] = await once(child, 'close');
    expect(code).toBe(1);
    expect(said).toContain('WIREBENCH_HOME');
  });
});
