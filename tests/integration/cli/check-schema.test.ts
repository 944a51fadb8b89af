import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { SchemaChecker } from '#hosts/cli/schema-check.ts';
import { runCli } from '#support/cli.ts';
import { SessionFolder } from '#support/session.ts';

const schema = { type: 'object', properties: { id: { type: 'integer' } }, required: ['id'] };

/** Runs `check-payload` in a folder of these files; the arguments name them by `@`. */
async function check(files: Readonly<Record<string, string | object>>, ...args: string[]) {
  await using folder = new SessionFolder();
  for (const [name, content] of Object.entries(files)) {
    if (name.includes('/')) await mkdir(folder.file(name.split('/')[0] as string), { recursive: true });
    await writeFile(folder.file(name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  const { code, stdout, stderr } = await runCli([
    'check-payload',
    ...args.map((arg) => (arg.startsWith('@') ? folder.file(arg.slice(1)) : arg)),
  ]);
  const short = (text: string) => text.replaceAll(`${folder.path}/`, '');
  return { code, stdout: short(stdout), stderr: short(stderr) };
}

describe('wirebench check-payload --schema', () => {
  test('exits with 0 for a valid document and with 1 and the place for an invalid one', async () => {
    const files = { 's.json': schema, 'good.json': '{"id": 1}', 'bad.json': '{\n  "id": "x"\n}', 'x.xml': '<a/>' };
    expect(await check(files, '@good.json', '@x.xml', '--schema', '@s.json')).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
    expect(await check(files, '@good.json', '@bad.json', '--schema', '@s.json')).toEqual({
      code: 1,
      stdout: 'bad.json:2:9: /id must be an integer, not a string\n',
      stderr: '',
    });
    const { stdout } = await check(files, '--json', '@bad.json', '--schema', '@s.json');
    const message = '/id must be an integer, not a string';
    expect(JSON.parse(stdout).problems).toEqual([{ line: 2, column: 9, severity: 'error', message, path: '/id' }]);
  });

  test('uses the relative file that $schema names, and the files that it refers to', async () => {
    const files = {
      'schemas/s.json': { properties: { id: { $ref: 'parts.json#/definitions/id' } } },
      'schemas/parts.json': { definitions: { id: { type: 'integer' } } },
      'docs/bad.json': '{"$schema": "../schemas/s.json", "id": true}',
    };
    expect(await check(files, '@docs/bad.json')).toMatchObject({
      code: 1,
      stdout: 'docs/bad.json:1:40: /id must be an integer, not a boolean\n',
    });
    expect((await check(files, '@docs/bad.json', '--no-schema')).code).toBe(0);
  });

  test('checks a schema against its draft', async () => {
    const $schema = 'http://json-schema.org/draft-07/schema#';
    expect((await check({ 'a.json': { $schema, ...schema } }, '@a.json')).code).toBe(0);
    expect((await check({ 'a.json': { $schema, type: 7 } }, '@a.json')).code).toBe(1);
    const old = { $schema: 'http://json-schema.org/draft-04/schema#' };
    expect(await check({ 'a.json': old, 'b.json': '1' }, '@b.json', '--schema', '@a.json')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is not supported: use draft 6, draft 7'),
    });
  });

  test('exits with 2 for a schema that is missing, invalid or on the network, and opens no connection', async () => {
    let requests = 0;
    const server = createServer(() => {
      requests += 1;
    }).listen(0, '127.0.0.1');
    try {
      await new Promise((resolve) => server.once('listening', resolve));
      const remote = `http://127.0.0.1:${(server.address() as AddressInfo).port}/s.json`;
      const files = {
        'doc.json': { $schema: remote },
        'absolute.json': { $schema: '/etc/hostname' },
        'remote.json': { $ref: remote },
        'broken.json': '{\n  "type": 7}',
        'endless.json': { $ref: '#' },
      };
      const expectRefused = async (args: string[], reason: string) => {
        const { code, stderr } = await check(files, ...args);
        expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(reason) });
      };
      await expectRefused(['@doc.json'], 'Wirebench does not download schemas');
      await expectRefused(['@absolute.json'], 'is not a relative file');
      await expectRefused(['@doc.json', '--schema', '@remote.json'], remote);
      await expectRefused(['@doc.json', '--schema', '@none.json'], 'ENOENT');
      await expectRefused(['@doc.json', '--schema', '@broken.json'], 'Invalid schema broken.json:2:11');
      await expectRefused(['@doc.json', '--schema', '@endless.json'], 'refers to itself');
      expect(requests).toBe(0);
    } finally {
      server.close();
    }
  });

  test('ends a check that takes too long or too much memory', async () => {
    const levels = Array.from({ length: 40 }, (_, at) => [
      `l${at}`,
      { anyOf: [{ $ref: `#/definitions/l${at + 1}` }, { $ref: `#/definitions/l${at + 1}` }] },
    ]);
    const schemas = {
      'pattern.json': { pattern: '^(a+)+$' },
      'wide.json': { $ref: '#/definitions/l0', definitions: { ...Object.fromEntries(levels), l40: false } },
    };
    await using folder = new SessionFolder();
    const checked = async (name: keyof typeof schemas, limits: { timeMs: number; memoryMb: number }) => {
      await writeFile(folder.file(name), JSON.stringify(schemas[name]));
      const checker = new SchemaChecker(folder.file(name), limits);
      return await checker.check('doc.json', JSON.stringify(`${'a'.repeat(60)}!`)).finally(() => checker.close());
    };
    expect(await checked('pattern.json', { timeMs: 1_000, memoryMb: 256 })).toMatchObject({
      error: { code: 'timed-out', system: 'The check did not end within 1 seconds' },
    });
    expect(await checked('wide.json', { timeMs: 30_000, memoryMb: 64 })).toMatchObject({
      error: { code: 'too-large', system: 'The check needs more than 64 MiB of memory' },
    });
  });
});
