import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '#support/build-setup.ts';

/** Runs `npm start`'s own command, without npm in between. */
function start(...args: string[]) {
  return spawnSync(process.execPath, [join(root, 'tools/start.ts'), ...args], { encoding: 'utf8' });
}

describe('npm start', () => {
  it.each([
    [['--nonsense'], 'nonsense'],
    [['--port'], 'port'],
    [['--port', '70000'], '70000'],
    [['--port', 'http'], 'http'],
    [['--port', '-1'], 'port'],
    [['extra'], 'extra'],
  ])('answers the wrong usage %j with exit code 2, the reason and its help', (args, reason) => {
    const { status, stderr, stdout } = start(...args);
    expect(status).toBe(2);
    expect(stderr).toContain(reason);
    expect(stderr).toContain('Usage: npm start');
    expect(stdout).toBe('');
  });

  it('prints its help and does nothing else', () => {
    const { status, stdout } = start('--help');
    expect(status).toBe(0);
    expect(stdout).toContain('--no-open');
  });
});
