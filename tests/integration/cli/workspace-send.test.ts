import { describe, expect, test } from 'vitest';
import { Cli, runCli } from '#support/cli.ts';
import { startPeer } from '#support/peer.ts';
import { TestWorkspace } from '#support/workspace.ts';

const manifest = 'version: 1\nname: Team\n';

/** Returns a workspace with an endpoint `lab/boiler` at `port`, and `files`. */
function workspaceFor(port: string | number, files: Readonly<Record<string, string>> = {}): TestWorkspace {
  const boiler = `role: client\ntransport: tcp\nhost: 127.0.0.1\nport: ${port}\nframing: line\n`;
  return new TestWorkspace({ 'wirebench.yaml': manifest, 'endpoints/lab/boiler.yaml': boiler, ...files });
}

const order = {
  'payloads/orders/new.json':
    '{"n": {{ counter }}, "device": "{{ device }}", "x": {{ x }}, "last": {{ last | default: "none" }}}',
  'payloads/orders/new.json.meta.yaml': 'template: true\n',
  'environments/lab.yaml': 'variables:\n  device: boiler-7\n  x: 1\nsecrets: [token]\n',
};

describe('wirebench send with a workspace', () => {
  test('sends a template to an endpoint by name, rendered for each repetition with environment, --set and the last reply', async () => {
    await using server = await startPeer('numbered_replies.py');
    await using workspace = workspaceFor(await server.line(), order);
    const { code, stdout, stderr } = await runCli([
      ...['send', 'lab/boiler', '--workspace', workspace.folder, '--payload', 'orders/new', '--env', 'lab'],
      ...['--set', 'x=5', '--repeat', '3', '--interval', '300', '--expect', '3'],
    ]);
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: '{"reply": 1}\n{"reply": 2}\n{"reply": 3}\n',
      stderr: '',
    });
    const received = [await server.line(), await server.line(), await server.line()].map((line) => JSON.parse(line));
    expect(received).toEqual([
      { n: 1, device: 'boiler-7', x: 5, last: 'none' },
      { n: 2, device: 'boiler-7', x: 5, last: '{"reply": 1}' },
      { n: 3, device: 'boiler-7', x: 5, last: '{"reply": 2}' },
    ]);
  });

  test('lets an option replace what the file of the endpoint says', async () => {
    await using server = await startPeer('exact_bytes.py');
    await using workspace = workspaceFor(await server.line());
    const args = ['send', 'lab/boiler.yaml', '--workspace', workspace.folder, '--data', 'hi', '--wait', '0'];
    expect((await runCli(args)).code).toBe(0);
    expect(await server.line()).toBe('68690a');
    expect((await runCli([...args, '--framing', 'len:2be'])).code).toBe(0);
    expect(await server.line()).toBe('00026869');
  });

  test('sends the bytes of a payload unchanged, then the checksum, then the framing of its meta file', async () => {
    await using server = await startPeer('exact_bytes.py');
    await using workspace = workspaceFor(await server.line(), {
      'payloads/exact.txt': '\ufeffa\r\n\tb \r\0{{ x }} ',
      'payloads/modbus.hex': '01 03 00 00 00 02\n',
      'payloads/modbus.hex.meta.yaml': 'checksum: crc-16/modbus:le\nframing: raw\n',
    });
    const send = (...more: string[]) =>
      runCli(['send', 'lab/boiler', '--workspace', workspace.folder, '--wait', '0', ...more]);
    expect((await send('--payload', 'exact', '--framing', 'raw')).code).toBe(0);
    expect(await server.line()).toBe(Buffer.from('\ufeffa\r\n\tb \r\0{{ x }} ').toString('hex'));
    expect((await send('--payload', 'modbus')).code).toBe(0);
    expect(await server.line()).toBe('010300000002c40b');
    expect((await send('--payload', 'modbus', '--checksum', 'xor:hex')).code).toBe(0);
    expect(await server.line()).toBe('0103000000023030');
    expect((await send('--hex', '010300000002', '--checksum', 'CRC-16/MODBUS:le', '--no-frame')).code).toBe(0);
    expect(await server.line()).toBe('010300000002c40b');
  });

  test('sends a template in the encoding of its meta file', async () => {
    await using server = await startPeer('exact_bytes.py');
    await using workspace = workspaceFor(await server.line(), {
      'payloads/hello.txt.meta.yaml': 'template: true\nencoding: utf-16le\nframing: raw\n',
    });
    workspace.put('payloads/hello.txt', Buffer.from('{{ name }}!', 'utf16le').toString('latin1'));
    const args = ['send', 'lab/boiler', '--workspace', workspace.folder, '--payload', 'hello', '--set', 'name=é'];
    expect(await runCli([...args, '--wait', '0'])).toMatchObject({ code: 0, stderr: '' });
    expect(await server.line()).toBe(Buffer.from('é!', 'utf16le').toString('hex'));
  });

  test('says where a template fails, and connects to nobody', async () => {
    await using workspace = workspaceFor(9, { ...order, 'payloads/broken.json': '{\n  "a": {{ b | nope }}\n}' });
    workspace.put('payloads/broken.json.meta.yaml', 'template: true\n');
    const { code, stderr } = await runCli([
      'send',
      'lab/boiler',
      '--workspace',
      workspace.folder,
      '--payload',
      'broken',
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Could not render “payloads\/broken\.json”\.\n {2}line 2, column \d+: .+\n/);
  });

  test('ends with code 1 and the place, where a variable has no value', async () => {
    await using server = await startPeer('numbered_replies.py');
    await using workspace = workspaceFor(await server.line(), order);
    const args = ['send', 'lab/boiler', '--workspace', workspace.folder, '--payload', 'orders/new'];
    const { code, stderr } = await runCli(args);
    expect(code).toBe(1);
    expect(stderr).toContain('line 1, column ');
    expect(stderr).toContain('device');
  });

  test.each([
    [['send', 'boiler'], 'There is no endpoint “boiler”'],
    [['listen', 'lab/boiler'], 'the endpoint “lab/boiler” is a client: use wirebench send lab/boiler'],
    [['send', 'lab/boiler', '--udp'], 'Use HOST:PORT'],
    [['send', 'lab/boiler', '--insecure'], "option '--insecure' is for TLS and WebSocket over TLS only"],
    [['send', '127.0.0.1:9', '--env', 'lab'], "option '--env <name>' needs option '--payload <name>'"],
    [['send', '127.0.0.1:9', '--checksum', 'crc-8'], "option '--checksum <checksum>' needs"],
  ])('refuses %j with code 2', async (args, words) => {
    await using workspace = workspaceFor(9);
    const { code, stderr } = await runCli([...args, '--workspace', workspace.folder]);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
  });

  test('does not take a secret that this machine does not have for empty', async () => {
    await using workspace = workspaceFor(9, { ...order, 'payloads/login.txt': '{{ token }}' });
    workspace.put('payloads/login.txt.meta.yaml', 'template: true\n');
    const args = ['payload', 'render', 'login', '--workspace', workspace.folder, '--env', 'lab'];
    const options = { home: `${workspace.base}/home` };
    const missing = await runCli(args, '', options);
    expect(missing.code).toBe(1);
    expect(missing.stderr).toContain('wirebench env set-secret lab token');
    const set = await runCli(
      ['env', 'set-secret', 'lab', 'token', '--workspace', workspace.folder],
      'open sesame\r\n',
      options,
    );
    expect(set).toMatchObject({ code: 0, stdout: '' });
    expect(set.stderr).not.toContain('sesame');
    expect(await runCli(args, '', options)).toEqual({ code: 0, stdout: 'open sesame\n', stderr: '' });
    const shown = await runCli(['env', 'show', 'lab', '--workspace', workspace.folder], '', options);
    expect(shown.stdout).toBe('device="boiler-7"\nx="1"\ntoken (secret, set)\n');
  });

  test.each([
    ['payload', 'render', 'login'],
    ['send', 'PEER', '--payload', 'login'],
    ['code', '127.0.0.1:9', '--lang', 'python', '--payload', 'login'],
  ])('does not show a secret that a filter of the template refuses: %s', async (...words) => {
    await using server = new Cli(['listen', '0']);
    const peer = `127.0.0.1:${await server.port()}`;
    const args = words.map((word) => (word === 'PEER' ? peer : word));
    await using workspace = workspaceFor(9, { ...order, 'payloads/login.txt': 'a\n{{ token | plus: 1 }}' });
    workspace.put('payloads/login.txt.meta.yaml', 'template: true\n');
    const options = { home: `${workspace.base}/home` };
    const place = ['--workspace', workspace.folder];
    await runCli(['env', 'set-secret', 'lab', 'token', ...place], 'sesame', options);
    const refused = await runCli([...args, '--env', 'lab', ...place], '', options);
    expect(refused.code).toBe(1);
    expect(refused.stdout + refused.stderr).not.toContain('sesame');
    const given = await runCli([...args, '--env', 'lab', '--set', 'token=open', ...place], '', options);
    expect(given.stderr).toContain('line 2, column');
    expect(given.stderr).toContain('open');
  });
});

test('wirebench listen starts a server of the workspace by name', async () => {
  const echo = 'role: server\ntransport: tcp\nhost: 127.0.0.1\nport: 0\nframing: line\nbehaviour:\n  kind: echo\n';
  await using workspace = workspaceFor(9, { 'endpoints/echo.yaml': echo });
  await using server = new Cli(['listen', 'echo', '--workspace', workspace.folder, '--count', '1']);
  const address = `127.0.0.1:${await server.port()}`;
  expect(await runCli(['send', address, '--framing', 'line', '--data', 'hi', '--expect', '1'])).toMatchObject({
    stdout: 'hi\n',
  });
  expect((await server.end()).code).toBe(0);
});
