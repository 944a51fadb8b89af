import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toHex } from '#shared/bytes/hex.ts';
import { decodeUtf8Lossy, encodeUtf8 } from '#shared/bytes/text.ts';
import type { Scope } from '#shared/template/scope.ts';
import { anyText } from '#support/template-scope.ts';
import { TestWorkspace } from '#support/workspace.ts';
import {
  type PayloadText,
  prepareBytes,
  preparePayload,
  templateSources,
  textOfFile,
} from '#workspace/payload-bytes.ts';

function scope(more: Partial<Scope> = {}): Scope {
  return { counters: new Map(), sources: templateSources(undefined), ...more };
}

/** Returns the bytes of the next messages of a payload in hex, or its problem with its place. */
async function sent(payload: Partial<PayloadText>, values: Scope = scope(), count = 1): Promise<string[]> {
  const prepared = await preparePayload({ format: 'text', text: '', encoding: 'utf-8', template: false, ...payload });
  if (!prepared.ok) return [`${prepared.problem.line}:${prepared.problem.column} ${prepared.problem.reason}`];
  return Array.from({ length: count }, () => {
    const bytes = prepared.value.bytes(values);
    return bytes.ok ? toHex(bytes.value) : `${bytes.problem.line}:${bytes.problem.column} ${bytes.problem.reason}`;
  });
}

describe('preparePayload', () => {
  test('sends text as it is written where it is no template', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        const whole = text.toWellFormed();
        expect(await sent({ text: whole })).toEqual([toHex(encodeUtf8(whole))]);
      }),
    );
  });

  test('continues counters from message to message, and reads row before environment', async () => {
    const text = '{{ counter }}{{ a }}';
    const values = scope({ environment: { a: 'e' }, row: { a: 'r' } });
    expect(await sent({ text, template: true }, values, 2)).toEqual(['3172', '3272']);
  });

  test('finds values in received XML by XPath', async () => {
    const values = scope({ last: encodeUtf8('<order><id>7</id></order>') });
    expect(await sent({ text: '{{ last | xpath: "/order/id" }}', template: true }, values)).toEqual(['37']);
  });

  test.each([
    ['utf-8-bom', 'efbbbfc3a9'],
    ['utf-16le', 'e900'],
    ['utf-16be', '00e9'],
    ['iso-8859-1', 'e9'],
    ['windows-1252', 'e9'],
    ['gbk', 'a8a6'],
  ])('encodes text and templates in %s', async (encoding, hex) => {
    expect(await sent({ text: 'é', encoding })).toEqual([hex]);
    expect(await sent({ text: '{{ "é" }}', encoding, template: true })).toEqual([hex]);
  });

  test('says where a character is that the encoding does not have', async () => {
    expect((await sent({ text: 'a\n日', encoding: 'iso-8859-1' }))[0]).toMatch(/^2:1 .*U\+65E5/);
  });

  test('appends the checksum to each message, over the bytes that it names', async () => {
    const checksum = { spec: 'CRC-16/MODBUS:le' };
    expect(await sent({ format: 'hex', text: '01 03 00 00 00 02', checksum })).toEqual(['010300000002c40b']);
    const xor = { spec: 'xor', from: 1, to: -1 };
    const text = '{{ counter | u8 }} 02 03 ff';
    expect(await sent({ format: 'hex', text, template: true, checksum: xor }, scope(), 2)).toEqual([
      '010203ff01',
      '020203ff01',
    ]);
    expect((await sent({ checksum: { spec: 'nope' } }))[0]).toContain('“nope” is not in the catalogue');
  });

  test('lets a template compute a checksum of the catalogue', async () => {
    const text = '{{ "123456789" | checksum: "crc-16/modbus" }}';
    expect(await sent({ format: 'hex', text, template: true })).toEqual(['4b37']);
  });

  test('reads files of the workspace for a template, and nothing outside of it', async () => {
    await using workspace = new TestWorkspace({ 'payloads/part.txt': 'part' });
    mkdirSync(workspace.file('.git'));
    writeFileSync(workspace.file('.git/config'), 'secret');
    symlinkSync('/etc/passwd', workspace.file('payloads/link.txt'));
    symlinkSync('/etc', workspace.file('payloads/etc'));
    const values = scope({ sources: templateSources(workspace.folder) });
    const read = async (path: string) => (await sent({ text: `{{ "${path}" | file }}`, template: true }, values))[0];
    expect(await read('payloads/part.txt')).toBe(toHex(encodeUtf8('part')));
    for (const path of [
      '.git/config',
      '/etc/passwd',
      '../x',
      'payloads/link.txt',
      'payloads/etc/passwd',
      'payloads/no.txt',
    ]) {
      expect(await read(path)).toMatch(/^1:\d+ /);
    }
  });
});

test('prepareBytes changes nothing but the checksum', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array(), async (bytes) => {
      const prepared = await prepareBytes(bytes, undefined);
      const next = prepared.ok ? prepared.value.bytes(scope()) : prepared;
      expect(next.ok && toHex(next.value)).toBe(toHex(bytes));
    }),
  );
  const summed = await prepareBytes(Uint8Array.of(1, 2), { spec: 'sum-8:hex' });
  const next = summed.ok ? summed.value.bytes(scope()) : summed;
  expect(next.ok && decodeUtf8Lossy(next.value)).toBe('\u0001\u000203');
});

test('textOfFile decodes a file in the encoding of its meta file', async () => {
  expect(await textOfFile(Uint8Array.of(0xe9), 'iso-8859-1')).toEqual({ ok: true, text: 'é' });
  expect(await textOfFile(Uint8Array.of(0xe9), 'utf-8')).toMatchObject({ ok: false, at: 0 });
});
