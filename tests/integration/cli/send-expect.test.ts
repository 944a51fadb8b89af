import { describe, expect, test } from 'vitest';
import { Cli, runCli } from '#support/cli.ts';
import { startPeer } from '#support/peer.ts';
import { rawServer } from '#support/raw-server.ts';

describe('wirebench send with --expect', () => {
  test('ends when --expect messages came, though the peer stays', async () => {
    await using server = await startPeer('talking_server.py');
    await using cli = new Cli([
      'send',
      `127.0.0.1:${await server.line()}`,
      ...['--framing', 'json', '--expect', '2', '--wait', '20000'],
    ]);
    expect(await server.line()).toBe('accepted');
    server.write('{"a":1} [2]\n');
    expect(await cli.end()).toEqual({ code: 0, stdout: '{"a":1}\n[2]\n', stderr: '' });
  });

  test('fails where the peer closes before --expect messages came', async () => {
    await using server = await startPeer('course_server.py');
    const address = `127.0.0.1:${await server.line()}`;
    const { code, stdout, stderr } = await runCli(['send', address, '--data', 'x', '--expect', '3', '--wait', '20000']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'Message received!\n' });
    expect(stderr).toMatch(
      new RegExp(`^Expected 3 messages from ${address}, received 1\\.\n {2}the peer sent FIN\\.\n {2}.+\n$`),
    );
  });

  test('fails where --wait passes before --expect messages came, and is done where none were expected', async () => {
    await using server = await rawServer(() => {});
    const unmet = await runCli(['send', server.address, '--data', 'x', '--expect', '1', '--wait', '50']);
    expect(unmet.code).toBe(1);
    expect(unmet.stderr).toContain('no message for 50 ms');
    expect(await runCli(['send', server.address, '--data', 'x', '--wait', '50'])).toEqual({
      code: 0,
      stdout: '',
      stderr: 'no reply within 50 ms\n',
    });
  });
});
