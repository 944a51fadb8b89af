import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCli } from '#support/cli.ts';
import { SessionFolder } from '#support/session.ts';

describe('wirebench check-payload', () => {
  test('prints a line for each document that is wrong, and nothing where all are right', async () => {
    await using folder = new SessionFolder();
    await mkdir(folder.file('sub/deep'), { recursive: true });
    await mkdir(folder.file('.git'));
    await writeFile(folder.file('a.json'), '{"a": 1, "a": 2}');
    await writeFile(folder.file('sub/b.xml'), '<a/>');
    await writeFile(folder.file('notes.txt'), 'not a document');
    await writeFile(folder.file('.git/c.json'), '{');
    expect(await runCli(['check-payload', folder.path])).toEqual({ code: 0, stdout: '', stderr: '' });
    await writeFile(folder.file('sub/c.json'), '{\n  "on": True,\n  "off": False\n}');
    await writeFile(folder.file('sub/deep/d.xml'), '<a>1 & 2</a>');
    await writeFile(folder.file('e.txt'), '[1,]');
    await symlink(folder.path, folder.file('sub/loop'));
    expect(await runCli(['check-payload', folder.path])).toEqual({
      code: 1,
      stdout: [
        `${folder.file('e.txt')}:1:3: Trailing comma: JSON allows no comma before \`]\``,
        `${folder.file('sub/c.json')}:2:9: Unexpected \`True\`: JSON uses \`true\``,
        `${folder.file('sub/deep/d.xml')}:1:6: Unexpected \`&\`: \`&\` itself is written \`&amp;\``,
        '',
      ].join('\n'),
      stderr: '',
    });
  });

  test('prints JSON lines with all errors and warnings', async () => {
    await using folder = new SessionFolder();
    const path = folder.file('a.json');
    await writeFile(path, '{"a": 1, "a": None}');
    const { code, stdout } = await runCli(['check-payload', '--json', path]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      path,
      format: 'json',
      problems: [
        {
          line: 1,
          column: 10,
          severity: 'warning',
          message: 'Duplicate key `a`: line 1 has it too, and most programs use the last value',
        },
        { line: 1, column: 15, severity: 'error', message: 'Unexpected `None`: JSON uses `null`' },
      ],
    });
  });

  test('checks every file as the format that is chosen', async () => {
    await using folder = new SessionFolder();
    await writeFile(folder.file('request.txt'), '<a/>');
    expect((await runCli(['check-payload', '--format', 'xml', folder.path])).code).toBe(0);
    const { code, stdout } = await runCli(['check-payload', '--format', 'json', folder.path]);
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: `${folder.file('request.txt')}:1:1: Unexpected \`<\`: a value is expected\n`,
    });
  });

  test('says in three parts what it cannot check, goes on, and exits with 2', async () => {
    await using folder = new SessionFolder();
    await writeFile(folder.file('a.json'), '[1 2]');
    await writeFile(folder.file('b.bin'), 'hello');
    const { code, stdout, stderr } = await runCli([
      ...['check-payload', folder.file('none.json'), folder.file('b.bin'), '/dev/null', folder.file('a.json')],
    ]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: `${folder.file('a.json')}:1:4: Missing \`,\` before \`2\`\n` });
    expect(stderr).toMatch(/^Could not read .*none\.json\.\n {2}stat\(\): ENOENT \(.*\)\.\n {2}.+\n/);
    expect(stderr).toContain('Could not check /dev/null.\n  It is neither a file nor a folder.\n  Specify a file');
    expect(stderr).toContain('Add --format json or --format xml.');
    expect((await runCli(['check-payload'])).code).toBe(2);
    expect((await runCli(['check-payload', '--format', 'yaml', folder.path])).code).toBe(2);
  });

  test('lets nothing of a hostile document or name act on the terminal', async () => {
    await using folder = new SessionFolder();
    await writeFile(folder.file('\u001b[31m\n.json'), '["\u001b[2J", \u001b\u202e]');
    await writeFile(folder.file('b.xml'), '<a><\u009b/></a>');
    const { code, stdout } = await runCli(['check-payload', folder.path]);
    expect(code).toBe(1);
    expect(stdout.split('\n')).toHaveLength(3);
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
    expect(stdout).toContain('␛[31m␊.json:1:3: ');
  });

  test.runIf(process.platform === 'linux')('says of a name that is not UTF-8 why it is not read', async () => {
    await using folder = new SessionFolder();
    await writeFile(
      Buffer.concat([Buffer.from(`${folder.path}/`), Buffer.from([0xff, 0x9b]), Buffer.from('.json')]),
      '{',
    );
    await writeFile(folder.file('b.json'), '[1,]');
    const { code, stdout, stderr } = await runCli(['check-payload', folder.path]);
    expect(code).toBe(2);
    expect(stdout).toContain('b.json:1:3: ');
    expect(stderr).toContain('\ufffd\ufffd.json.\n  Its name is not UTF-8, so it cannot be opened.\n  Rename it.');
  });

  test('reads UTF-16 and declared encodings, and says where bytes are no text', async () => {
    await using folder = new SessionFolder();
    await writeFile(
      folder.file('a.json'),
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('{"a":1}', 'utf16le')]),
    );
    await writeFile(
      folder.file('b.xml'),
      Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>\xe9</a>', 'latin1'),
    );
    expect(await runCli(['check-payload', folder.path])).toMatchObject({ code: 0, stdout: '' });
    await writeFile(folder.file('c.json'), Buffer.from('{\n"\xff": 1}', 'latin1'));
    const { stdout } = await runCli(['check-payload', folder.path]);
    expect(stdout).toBe(`${folder.file('c.json')}:2:2: Invalid UTF-8: these bytes are not a character\n`);
  });

  test('counts no column for a byte order mark, and refuses a second one', async () => {
    await using folder = new SessionFolder();
    await writeFile(folder.file('a.json'), "\ufeff{'a':1}");
    await writeFile(folder.file('b.xml'), '\ufeff<a>&</a>');
    await writeFile(folder.file('c.xml'), '\ufeff\ufeff<a/>');
    await writeFile(folder.file('d.xml'), '<?xml version="1.0" encoding="US-ASCII"?><a>ü</a>');
    const { stdout } = await runCli(['check-payload', folder.path]);
    expect(stdout.replaceAll(`${folder.path}/`, '').split('\n')).toEqual([
      "a.json:1:2: Unexpected `'`: JSON keys use double quotes",
      'b.xml:1:4: Unexpected `&`: `&` itself is written `&amp;`',
      'c.xml:1:1: Unexpected text outside the root element',
      'd.xml:1:45: Invalid US-ASCII: these bytes are not a character',
      '',
    ]);
  });

  test('checks 2 000 files in one run, and finds the one that is wrong', async () => {
    await using folder = new SessionFolder();
    const document = JSON.stringify(Array.from({ length: 40 }, (_, index) => ({ index, name: `item ${index}` })));
    await Promise.all(Array.from({ length: 2_000 }, (_, index) => writeFile(folder.file(`${index}.json`), document)));
    await writeFile(join(folder.path, '1234.json'), document.slice(0, -1));
    const { code, stdout } = await runCli(['check-payload', folder.path]);
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: `${folder.file('1234.json')}:1:${document.length}: Unexpected end: \`,\` or \`]\` is expected\n`,
    });
  });
});
