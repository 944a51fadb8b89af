import { execFileSync } from 'node:child_process';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { runCli } from '#support/cli.ts';
import { TestEngine } from '#support/engine.ts';
import { SessionFolder } from '#support/session.ts';
import { TestWorkspace } from '#support/workspace.ts';

describe('wirebench code', () => {
  test('writes a client that runs', async () => {
    await using folder = new SessionFolder();
    await using wirebench = new TestEngine();
    const { port } = await wirebench.serve({ behaviour: { kind: 'silent' } });
    const payload = Buffer.from([0, 1, 2, 0xff, 0x22, 0x5c]);
    await writeFile(folder.file('payload.bin'), payload);
    const file = folder.file('client.py');
    const args = [
      'code',
      `127.0.0.1:${port}`,
      '--lang',
      'python',
      '--payload-file',
      folder.file('payload.bin'),
      '-o',
      file,
    ];
    const written = await runCli(args);
    expect(written).toEqual({ code: 0, stdout: '', stderr: `program written to ${file}\n` });
    execFileSync('python3', ['-m', 'py_compile', file]);
    expect(await readFile(file, 'utf8')).toContain('PAYLOAD = b"\\x00\\x01\\x02\\xff\\"\\\\"');
  });

  test('prints a server with its behaviour', async () => {
    const args = ['code', '0', '--server', '--lang', 'node', '--framing', 'line', '--reply', 'it’s "here"'];
    const { code, stdout, stderr } = await runCli(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('const REPLY = Buffer.from("it’s \\"here\\"", "utf8");');
    expect(stdout).toContain('Framing: line.');
  });

  test('a server replies with the content of a file', async () => {
    await using folder = new SessionFolder();
    await writeFile(folder.file('reply.json'), '{"a": 1}');
    const args = ['code', '0', '--server', '--lang', 'python', '--reply-file', folder.file('reply.json')];
    expect((await runCli(args)).stdout).toContain('REPLY = b"{\\"a\\": 1}"');
  });

  test('a program contains the checksum of its payload, and says so', async () => {
    const order = ['--hex', '010300000002', '--checksum', 'crc-16/modbus:le', '--framing', 'len:2be'];
    const { code, stdout } = await runCli(['code', '127.0.0.1:502', '--lang', 'python', ...order]);
    expect(code).toBe(0);
    expect(stdout).toContain('# The payload ends with its checksum, CRC-16/MODBUS:le, as fixed bytes.');
    expect(stdout).toContain('PAYLOAD = b"\\x01\\x03\\x00\\x00\\x00\\x02\\xc4\\x0b"');
    const unknown = await runCli(['code', '127.0.0.1:1', '--lang', 'go', '--data', 'x', '--checksum', 'crc-99']);
    expect(unknown).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('crc-99') });
  });

  test.each([
    [['127.0.0.1:1', '--lang', 'go', '--checksum', 'xor'], '--payload-file'],
    [['1', '--server', '--lang', 'go', '--checksum', 'xor'], '--checksum'],
    [['127.0.0.1:1', '--lang', 'cobol'], 'python'],
    [['127.0.0.1:1'], '--lang'],
    [['1', '--server', '--lang', 'go', '--data', 'x'], '--data'],
    [['127.0.0.1:1', '--lang', 'go', '--echo'], '--server'],
    [['127.0.0.1:1', '--lang', 'go', '--data', 'x', '--hex', '00'], '--hex'],
  ])('a usage error: %j', async (args, named) => {
    const { code, stdout, stderr } = await runCli(['code', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(named);
  });

  test.each([
    [['ws://127.0.0.1:1/', '--lang', 'python'], 'WebSocket'],
    [['127.0.0.1:1', '--tls', '--lang', 'rust'], 'rustls'],
    [['127.0.0.1:1', '--lang', 'c', '--payload-file', '/no/such/file'], 'ENOENT'],
  ])('what cannot be generated is reported: %j', async (args, named) => {
    const { code, stdout, stderr } = await runCli(['code', ...args]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(named);
  });

  test('takes an endpoint and a payload of the workspace, with its template, checksum and framing', async () => {
    const boiler = 'role: client\ntransport: tcp\nhost: 10.1.2.3\nport: 4711\n';
    await using workspace = new TestWorkspace({
      'wirebench.yaml': 'version: 1\nname: Team\n',
      'endpoints/lab/boiler.yaml': boiler,
      'endpoints/lined.yaml': `${boiler}framing: line\n`,
      'endpoints/echo.yaml': 'role: server\ntransport: tcp\nport: 4712\nbehaviour:\n  kind: echo\n',
      'payloads/order.txt': 'id={{ id }};n={{ counter }}',
      'payloads/order.txt.meta.yaml': 'template: true\nchecksum: xor\nframing: len:2be\n',
      'payloads/login.txt': '{{ token }}',
      'payloads/login.txt.meta.yaml': 'template: true\n',
      'environments/lab.yaml': 'variables:\n  id: 7\nsecrets: [token]\n',
    });
    const home = `${workspace.base}/home`;
    const place = ['--workspace', workspace.folder];
    const code = (...args: string[]) => runCli(['code', ...args, ...place, '--lang', 'python'], '', { home });
    const order = ['--payload', 'order', '--env', 'lab'];
    const { code: exit, stdout, stderr } = await code('lab/boiler', ...order, '--set', 'id=8');
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    const sum = [...Buffer.from('id=8;n=1')].reduce((all, byte) => all ^ byte, 0);
    for (const part of [
      '# Client side. Framing: len:2be.\n# The payload is a template that was rendered once: every run sends these bytes.',
      '# The payload ends with its checksum, XOR, as fixed bytes.',
      'HOST = "10.1.2.3"\nPORT = 4711',
      `PAYLOAD = b"id=8;n=1${String.fromCharCode(sum)}"`,
    ])
      expect(stdout).toContain(part);
    expect((await code('127.0.0.1:1', ...order)).stdout).toContain('id=7');
    const summed = await code('lab/boiler', ...order, '--set', 'id=8', '--checksum', 'lrc:hex');
    expect(summed.stdout).toContain('The payload ends with its checksum, LRC:hex, as fixed bytes.');
    expect((await code('echo', '--server')).stdout).toContain('PORT = 4712');

    expect(await code('echo')).toMatchObject({ code: 2, stderr: expect.stringContaining('is a server: add --server') });
    expect(await code('127.0.0.1:1', '--env', 'lab')).toMatchObject({ code: 2 });
    const twoFramings = await code('lined', ...order);
    expect(twoFramings).toMatchObject({ code: 1, stdout: '' });
    expect(twoFramings.stderr).toContain('its framing is len:2be, that of the endpoint is line');
    expect((await code('lined', ...order, '--framing', 'line')).stdout).toContain('Framing: line.');

    await runCli(['env', 'set-secret', 'lab', 'token', ...place], 'sesame', { home });
    const secret = await code('lab/boiler', '--payload', 'login', '--env', 'lab');
    expect(secret).toMatchObject({ code: 1, stdout: '' });
    expect(secret.stderr).toContain('uses a secret');
    const given = await code('lab/boiler', '--payload', 'login', '--env', 'lab', '--set', 'token=public');
    expect(given.stdout).toContain('public');
  });

  test('a file that cannot be written is reported', async () => {
    await using folder = new SessionFolder();
    const file = folder.file('no/such/folder/client.py');
    const { code, stderr } = await runCli(['code', '127.0.0.1:1', '--lang', 'python', '-o', file]);
    expect(code).toBe(1);
    expect(stderr).toContain('ENOENT');
    await expect(stat(file)).rejects.toThrow('ENOENT');
  });
});
