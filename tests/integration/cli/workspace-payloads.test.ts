import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { builtCli, runCli } from '#support/cli.ts';
import { startPeer } from '#support/peer.ts';
import { TestWorkspace } from '#support/workspace.ts';

const manifest = { 'wirebench.yaml': 'version: 1\nname: Team\n' };

describe('wirebench payload', () => {
  test('lists payloads with what their meta files say, and those that cannot be read', async () => {
    await using workspace = new TestWorkspace({
      ...manifest,
      'payloads/a/order.json': '{}',
      'payloads/a/order.json.meta.yaml':
        'template: true\nchecksum: crc-8:hex\nframing: line\nfavourite: 2\nlineEnds: crlf\nschema: s.json\n',
      'payloads/b.txt': 'b',
      'payloads/b.txt.meta.yaml': 'template: 7\n',
      'payloads/readme.md': 'not a payload',
    });
    const args = ['payload', 'list', '--workspace', workspace.folder];
    const listed = await runCli(args);
    expect(listed).toMatchObject({ code: 0, stderr: '' });
    expect(listed.stdout.split('\n')).toEqual([
      'a/order.json  2 B  template, framing line, crc-8:hex',
      expect.stringMatching(/^b\.txt {2}1 B {2}not readable: line 1, column 11: /),
      '',
    ]);
    const lines = (await runCli([...args, '--json'])).stdout.trimEnd().split('\n');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      name: 'a/order',
      path: 'payloads/a/order.json',
      template: true,
      checksum: { algorithm: 'crc-8:hex' },
      schema: 's.json',
      favourite: 2,
      lineEnds: 'crlf',
    });
  });

  test.each([
    [['payload', 'import'], "missing argument 'file'"],
    [['payload', 'render', 'a', '--set', 'a b=1'], 'a name must begin with a letter or _'],
  ])('exits with code 2 for %j', async (args, reason) => {
    const { code, stderr } = await runCli(args);
    expect(code).toBe(2);
    expect(stderr).toContain(reason);
  });

  test('shows and renders a payload', async () => {
    const text = '\ufeff{{ x }}\r\n\0 ';
    await using workspace = new TestWorkspace({
      ...manifest,
      'payloads/a.txt': text,
      'payloads/h.hex': '{{ 258 | u16be }} ff',
    });
    workspace.put('payloads/h.hex.meta.yaml', 'template: true\n');
    const run = (...args: string[]) => runCli(['payload', ...args, '--workspace', workspace.folder]);
    // The lines that are read have lost their CR.
    expect(await run('show', 'a')).toMatchObject({ code: 0, stdout: `${text.replace('\r', '')}\n` });
    expect(await run('render', 'a', '--hex')).toMatchObject({ stdout: 'ef bb bf 7b 7b 20 78 20 7d 7d 0d 0a 00 20\n' });
    expect(await run('render', 'h', '--hex', '--checksum', 'xor')).toMatchObject({ stdout: '01 02 ff fc\n' });
    expect(await run('show', 'nothing')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('There are: a, h.'),
    });
  });

  test('says that a name is ambiguous, and takes it with its ending', async () => {
    await using workspace = new TestWorkspace({ ...manifest, 'payloads/a.txt': 'text', 'payloads/a.json': '1' });
    const ambiguous = await runCli(['payload', 'show', 'a', '--workspace', workspace.folder]);
    expect(ambiguous).toMatchObject({ code: 1, stderr: expect.stringContaining('there are a.json, a.txt') });
    expect((await runCli(['payload', 'show', 'a.txt', '--workspace', workspace.folder])).stdout).toBe('text\n');
  });

  test('shows a payload whose meta file is wrong', async () => {
    const meta = 'payloads/b.txt.meta.yaml';
    await using workspace = new TestWorkspace({ ...manifest, 'payloads/b.txt': 'b', [meta]: 'template: 7\n' });
    const run = (...args: string[]) => runCli(['payload', ...args, '--workspace', workspace.folder]);
    expect(await run('show', 'b')).toEqual({ code: 0, stdout: 'b\n', stderr: '' });
    expect(await run('render', 'b')).toMatchObject({ code: 1, stderr: expect.stringContaining('line 1, column 11') });
  });

  test.runIf(existsSync('/dev/full')).each(['payload list', 'payload show b', 'payload render b', 'env list'])(
    'fails when its output cannot be written: %s',
    async (command) => {
      await using workspace = new TestWorkspace({
        ...manifest,
        'payloads/b.txt': 'b',
        'environments/lab.yaml': 'variables:\n  a: 1\n',
      });
      const args = [builtCli, ...command.split(' '), '--workspace', workspace.folder];
      const full = openSync('/dev/full', 'w');
      const { status, stderr } = spawnSync(process.execPath, args, {
        stdio: ['ignore', full, 'pipe'],
        encoding: 'utf8',
      });
      closeSync(full);
      expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('ENOSPC') });
    },
  );

  test('says which keys of the documents that it uses are unknown', async () => {
    await using workspace = new TestWorkspace({
      'wirebench.yaml': 'version: 1\n\nnaem: Team\n',
      'payloads/b.txt': 'b',
      'payloads/b.txt.meta.yaml': 'note: b\ntemplates: true\n',
      'lists/l.yaml': 'steps:\n  - payload: b\nlop: 3\n',
      'environments/lab.yaml': Array.from({ length: 13 }, (_, at) => `key${at}: 1\n`).join(''),
    });
    const run = (...args: string[]) => runCli([...args, '--workspace', workspace.folder]);
    const rendered = await run('payload', 'render', 'b');
    expect(rendered).toMatchObject({ code: 0, stdout: 'b\n' });
    expect(rendered.stderr).toMatch(/^wirebench\.yaml:3: naem: .*\npayloads\/b\.txt\.meta\.yaml:2: templates: .*\n$/);
    expect((await run('send', '127.0.0.1:1', '--list', 'l')).stderr).toContain('lists/l.yaml:3: lop: ');
    const shown = (
      await runCli(['env', 'show', 'lab', '--workspace', workspace.folder], '', { home: `${workspace.base}/home` })
    ).stderr
      .trimEnd()
      .split('\n');
    expect(shown.slice(-2)).toEqual([expect.stringContaining('key9'), 'environments/lab.yaml: and 3 more']);
  });

  test.each([
    ['version: 2\n', 'line 1, column 10: version: this workspace has version 2'],
    ['version: "1\n', 'line 2, column 1'],
  ])('refuses a workspace whose file is %j', async (text, words) => {
    await using workspace = new TestWorkspace({ 'wirebench.yaml': text, 'payloads/b.txt': 'b' });
    const { code, stdout, stderr } = await runCli(['payload', 'show', 'b', '--workspace', workspace.folder]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(words);
  });

  test('imports into the workspace of the app, which is created with the schemas for editors', async () => {
    await using workspace = new TestWorkspace({ 'order.json': '{}' });
    const home = join(workspace.base, 'home');
    const args = ['payload', 'import', join(workspace.folder, 'order.json')];
    expect(await runCli(args, '', { home })).toMatchObject({ code: 0, stdout: 'payloads/order.json\n' });
    const created = join(home, 'workspace');
    expect(await readFile(join(created, 'payloads/order.json'), 'utf8')).toBe('{}');
    const [, schema = ''] = /\$schema=(\S+)/.exec(await readFile(join(created, 'wirebench.yaml'), 'utf8')) ?? [];
    expect(JSON.parse(await readFile(join(created, schema), 'utf8'))).toHaveProperty('properties.version');
  });

  test('imports files, folders, packets and command lines, and sends what it imported', async () => {
    await using workspace = new TestWorkspace(manifest);
    const from = join(workspace.base, 'from');
    await mkdir(join(from, 'deep'), { recursive: true });
    await writeFile(join(from, 'deep', 'order.xml'), '<a/>\r\n');
    await writeFile(join(from, 'deep', 'raw.dat'), Uint8Array.of(0, 255));
    await symlink('/etc/passwd', join(from, 'passwd.txt'));
    await writeFile(join(workspace.base, 'order.json'), '{}');
    const packet = { name: 'Ping: 1', hexstring: '50 69', toip: '10.0.0.4', port: '5000', tcporudp: 'UDP' };
    await writeFile(join(workspace.base, 'packets.json'), JSON.stringify([packet, packet]));
    await using server = await startPeer('exact_bytes.py');
    const command = `printf 'hi\\x02' | nc 127.0.0.1 ${await server.line()}`;
    const files = [from, join(workspace.base, 'order.json'), join(workspace.base, 'packets.json')];
    const imported = await runCli([
      'payload',
      'import',
      ...files,
      '--command',
      command,
      '--workspace',
      workspace.folder,
    ]);
    expect(imported).toMatchObject({ code: 0, stderr: '' });
    const paths = imported.stdout.trimEnd().split('\n');
    expect(paths.slice(0, 6)).toEqual([
      'payloads/from/deep/order.xml',
      'payloads/from/deep/raw.bin',
      'payloads/order.json',
      'payloads/Ping- 1.txt',
      'endpoints/10.0.0.4-5000.yaml',
      'payloads/Ping- 2.txt',
    ]);
    expect(await readFile(workspace.file('payloads/from/deep/order.xml'), 'utf8')).toBe('<a/>\r\n');
    const name = (path = '') => path.slice(path.indexOf('/') + 1);
    const args = ['send', name(paths[7]), '--payload', name(paths[6]), '--workspace', workspace.folder, '--wait', '0'];
    expect(await runCli(args)).toMatchObject({ code: 0 });
    expect(await server.line()).toBe('686902');
  });

  test('imports a meta file beside its payload as the meta file of that payload', async () => {
    await using workspace = new TestWorkspace({ ...manifest, 'payloads/order.json': 'taken' });
    const from = join(workspace.base, 'order.json');
    await writeFile(from, '{"id": {{ counter }}}');
    await writeFile(`${from}.meta.yaml`, '# ours\ntemplate: true\n');
    const args = ['--workspace', workspace.folder];
    const imported = await runCli(['payload', 'import', `${from}.meta.yaml`, from, ...args]);
    const paths = ['payloads/order 2.json', 'payloads/order 2.json.meta.yaml'];
    expect(imported).toMatchObject({ code: 0, stdout: `${paths.join('\n')}\n` });
    expect(await readFile(workspace.file(paths[1] ?? ''), 'utf8')).toBe('# ours\ntemplate: true\n');
    expect(await runCli(['payload', 'render', 'order 2', ...args])).toMatchObject({ code: 0, stdout: '{"id": 1}\n' });
  });

  test('imports what it can, and says what it cannot', async () => {
    await using workspace = new TestWorkspace(manifest);
    await writeFile(join(workspace.base, 'a.txt'), 'a');
    const files = [join(workspace.base, 'missing.txt'), join(workspace.base, 'a.txt')];
    const { code, stdout, stderr } = await runCli(['payload', 'import', ...files, '--workspace', workspace.folder]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'payloads/a.txt\n' });
    expect(stderr).toContain('ENOENT');
  });

  test('converts between JSON and XML, and says where a document is wrong', async () => {
    await using workspace = new TestWorkspace();
    const file = join(workspace.base, 'a.json');
    await writeFile(file, '{"order": {"id": 9007199254740993}}');
    const xml = await runCli(['payload', 'convert', file, '--to', 'xml']);
    expect(xml).toMatchObject({ code: 0, stdout: expect.stringContaining('<id>9007199254740993</id>') });
    await writeFile(file, '{"a": True}');
    const wrong = await runCli(['payload', 'convert', file, '--to', 'xml']);
    expect(wrong).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('line 1, column 7') });
    const same = await runCli(['payload', 'convert', file, '--to', 'json']);
    expect(same).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('it is JSON already') });
  });

  test('converts from and to YAML, and reports what is lost', async () => {
    await using workspace = new TestWorkspace();
    const file = join(workspace.base, 'order.yml');
    await writeFile(file, 'id: 9007199254740993 # long\nlines: &l\n  - nut # one\nmore: *l\n');
    expect(await runCli(['payload', 'convert', file, '--to', 'json'])).toEqual({
      code: 0,
      stdout: '{\n  "id": 9007199254740993,\n  "lines": [\n    "nut"\n  ],\n  "more": [\n    "nut"\n  ]\n}\n',
      stderr: `${file}:1:22: Comments are removed (2 times)\n${file}:4:7: Aliases are replaced by copies of their values\n`,
    });
    const plain = join(workspace.base, 'order');
    await writeFile(plain, '\ufeff<order id="1"><item>nut</item></order>\n');
    expect(await runCli(['payload', 'convert', plain, '--to', 'yaml'])).toEqual({
      code: 0,
      stdout: 'order:\n  item: nut\n  "@id": "1"\n',
      stderr: '',
    });
  });

  test('converts a payload by its name, in its encoding; a file comes first', async () => {
    await using workspace = new TestWorkspace({
      ...manifest,
      'payloads/orders/new.xml': '<a>x</a>',
      'payloads/old.json': '{"a": "?"}',
      'payloads/old.json.meta.yaml': 'encoding: utf-16le\n',
      'payloads/bytes.hex': '01 02',
    });
    await writeFile(workspace.file('payloads/old.json'), Buffer.from('{"a": "ü"}', 'utf16le'));
    const convert = (...args: string[]) => runCli(['payload', 'convert', ...args, '--workspace', workspace.folder]);
    expect(await convert('orders/new', '--to', 'json')).toMatchObject({ code: 0, stdout: '{\n  "a": "x"\n}\n' });
    expect(await convert('old', '--to', 'yaml')).toMatchObject({ code: 0, stdout: 'a: "ü"\n' });
    expect(await convert('bytes', '--to', 'json')).toMatchObject({ code: 1, stdout: '' });
    expect((await convert('nothing', '--to', 'json')).stderr).toContain('ENOENT');
    expect((await convert(workspace.file('wirebench.yaml'), '--to', 'json')).code).toBe(0);
  });

  test('lists environments', async () => {
    await using workspace = new TestWorkspace({ ...manifest, 'environments/lab.yaml': 'variables: {}\n' });
    expect((await runCli(['env', 'list', '--workspace', workspace.folder])).stdout).toBe('lab\n');
  });

  test('says what a workspace that cannot be opened lacks', async () => {
    await using workspace = new TestWorkspace();
    const { code, stderr } = await runCli(['payload', 'list', '--workspace', workspace.base]);
    expect(code).toBe(1);
    expect(stderr).toContain('it does not contain a file wirebench.yaml');
  });
});
