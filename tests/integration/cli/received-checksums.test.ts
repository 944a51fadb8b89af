import { readFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Cli, jsonRecords, runCli } from '#support/cli.ts';
import { startPeer } from '#support/peer.ts';
import { SessionFolder } from '#support/session.ts';

describe('a server that checks the CRC of Modbus RTU', () => {
  let folder: SessionFolder;
  let session: string;
  let printed: string;

  beforeAll(async () => {
    folder = new SessionFolder();
    session = folder.file('modbus.wirebench');
    const check = ['--framing', 'gap:20', '--check-checksum', 'crc-16/modbus:le'];
    await using cli = new Cli([
      'listen',
      '0',
      ...check,
      '--echo',
      '--output',
      'hex',
      '--count',
      '4',
      '--record',
      session,
    ]);
    await using client = await startPeer('modbus_client.py', String(await cli.port()));
    expect(await client.exit()).toBe(0);
    const { code, stdout } = await cli.end();
    expect(code).toBe(0);
    printed = stdout;
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  const show = async (filter: string) => {
    const { stdout, stderr } = await runCli(['log', 'show', session, '--json', '--filter', filter]);
    expect(stderr).toBe('');
    return jsonRecords(stdout).map(({ direction, checksum, base64 = '', text = '' }) => ({
      direction,
      checksum,
      bytes: base64 === '' ? Buffer.from(text).toString('hex') : Buffer.from(base64, 'base64').toString('hex'),
    }));
  };

  test('prints the verdict on each message that it receives', () => {
    const received = printed.split('\n').filter((line) => line.includes('→ in'));
    expect(received.map((line) => /\((checksum \w+)\)/.exec(line)?.[1])).toEqual([
      'checksum ok',
      'checksum bad',
      'checksum bad',
      'checksum ok',
    ]);
    expect(printed.split('\n').filter((line) => line.includes('← out') && line.includes('checksum'))).toEqual([]);
  });

  test('records a session whose damaged and short frames a filter finds', async () => {
    expect(await show('checksum == bad')).toEqual([
      { direction: 'in', checksum: 'bad', bytes: '1103006b10037687' },
      { direction: 'in', checksum: 'bad', bytes: '11' },
    ]);
    expect((await show('checksum == ok')).map(({ bytes }) => bytes)).toEqual([
      '1103006b00037687',
      expect.stringMatching(/^110600010003/),
    ]);
    expect(await show('checksum')).toHaveLength(4);
    expect((await show('message && !(checksum)')).map(({ direction }) => direction)).toEqual(Array(4).fill('out'));
  });

  test('shows the verdicts in the table of log show', async () => {
    const { stdout } = await runCli(['log', 'show', session, '--filter', 'checksum']);
    expect(stdout.match(/\(checksum (?:ok|bad)\)/g)).toEqual([
      '(checksum ok)',
      '(checksum bad)',
      '(checksum bad)',
      '(checksum ok)',
    ]);
  });

  test.each([
    ['csv', /,in,8,8,,bad,false,/],
    ['text', /in {3}.* 8 B {2}\(checksum bad\)/],
    ['html', /<i>checksum bad<\/i>/],
    ['jsonl', /"checksum":"bad"/],
  ])('exports them to %s', async (format, expected) => {
    const file = folder.file(`exported.${format}`);
    const { code } = await runCli(['log', 'export', session, '--format', format, '-o', file]);
    expect(code).toBe(0);
    expect(await readFile(file, 'utf8')).toMatch(expected);
  });

  test('exports them to SQLite', async () => {
    const file = folder.file('exported.sqlite');
    expect((await runCli(['log', 'export', session, '--format', 'sqlite', '-o', file])).code).toBe(0);
    using database = new DatabaseSync(file, { readOnly: true });
    const rows = database.prepare("SELECT checksum FROM records WHERE direction = 'in' ORDER BY seq").all();
    expect(rows.map(({ checksum }) => checksum)).toEqual(['ok', 'bad', 'bad', 'ok']);
    const sockets = database.prepare('SELECT DISTINCT checksum FROM sockets').all();
    expect(sockets).toMatchObject([{ checksum: 'crc-16/modbus:le' }]);
  });
});

describe('a client that checks the CRC', () => {
  test('reports a bad one on the error output', async () => {
    await using cli = new Cli(['listen', '0', '--udp', '--reply', 'no CRC', '--output', 'text']);
    const target = `127.0.0.1:${await cli.port()}`;
    const check = ['--check-checksum', 'crc-16/modbus:le'];
    const sent = await runCli(['send', target, '--udp', '--data', 'x', '--expect', '1', ...check]);
    expect(sent).toMatchObject({
      code: 0,
      stdout: 'no CRC\n',
      stderr: expect.stringMatching(/checksum bad: crc-16\/modbus:le$/m),
    });
  });
});

describe('a checksum that does not exist', () => {
  test('is an error of usage', async () => {
    const { code, stderr } = await runCli(['listen', '0', '--check-checksum', 'crc-16/modbuss']);
    expect(code).toBe(2);
    expect(stderr).toContain('“crc-16/modbuss” is not in the catalogue of checksums');
  });
});
