import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toHex } from '#shared/bytes/hex.ts';
import { encodeUtf8 } from '#shared/bytes/text.ts';
import { loadByteWriter, type SentForm } from '#shared/payload/sent-bytes.ts';

async function written(text: string, form: Partial<SentForm> = {}): Promise<string> {
  const writer = await loadByteWriter({ format: 'text', encoding: 'utf-8', ...form });
  const bytes = writer.ok ? writer.value.write(text) : writer;
  if (bytes.ok) return toHex(bytes.value, ' ');
  const { line, column, reason } = bytes.problem;
  return `${line}:${column} ${reason}`;
}

describe('the bytes of a payload', () => {
  test.each([
    ['é', 'utf-8', 'c3 a9'],
    ['é', 'utf-8-bom', 'ef bb bf c3 a9'],
    ['\ufeffé', 'utf-8-bom', 'ef bb bf c3 a9'],
    ['\ufeffé', 'utf-16le', 'ff fe e9 00'],
    ['é', 'utf-16be', '00 e9'],
    ['é', 'iso-8859-1', 'e9'],
    ['€', 'windows-1252', '80'],
    ['中', 'gbk', 'd6 d0'],
    ['日', 'shift_jis', '93 fa'],
  ])('%j in %s are %s', async (text, encoding, expected) => {
    expect(await written(text, { encoding })).toBe(expected);
  });

  test('of hex do not depend on the encoding', async () => {
    expect(await written('e9 00', { format: 'hex', encoding: 'gbk' })).toBe('e9 00');
  });

  test('are refused with the place of a character that the encoding does not have', async () => {
    expect(await written('a\nb€', { encoding: 'iso-8859-1' })).toBe('2:2 Latin-1 (ISO 8859-1) has no character U+20AC');
  });

  test('are followed by the checksum, of which the range can be set', async () => {
    expect(await written('123456789', { checksum: { spec: 'crc-16/modbus:le' } })).toMatch(/39 37 4b$/);
    expect(await written('\u0002AB', { checksum: { spec: 'xor', from: 1 } })).toBe('02 41 42 03');
    expect(await written('AB', { checksum: { spec: 'xor', from: 9 } })).toMatch(/^1:1 Could not append the checksum/);
    expect(await written('AB', { checksum: { spec: 'no-such' } })).toMatch(/no-such/);
  });

  test('of a rendered template are encoded again, and then have the checksum', async () => {
    const writer = await loadByteWriter({ format: 'text', encoding: 'iso-8859-1', checksum: { spec: 'sum-8' } });
    if (!writer.ok) throw new Error(writer.problem.reason);
    const finished = writer.value.finish(encodeUtf8('é'), '{{ e }}');
    expect(finished).toEqual({ ok: true, value: Uint8Array.of(0xe9, 0xe9) });
    expect(writer.value.finish(Uint8Array.of(0xff), '{{ e }}')).toMatchObject({
      ok: false,
      problem: { reason: expect.stringContaining('not text') },
    });
    expect(writer.value.finish(encodeUtf8('€'), '{{ e }}')).toMatchObject({
      ok: false,
      problem: { line: 1, column: 1, reason: expect.stringContaining('U+20AC (character 1 of line 1 of the message)') },
    });
  });

  test('have as many more bytes with a checksum as the writer reports', async () => {
    const spec = fc.constantFrom('nmea', 'crc-32', 'crc-32:hex', 'md5', 'sum-16:le:HEX');
    await fc.assert(
      fc.asyncProperty(fc.string(), spec, async (text, one) => {
        const writer = await loadByteWriter({ format: 'text', encoding: 'utf-8', checksum: { spec: one } });
        if (!writer.ok) throw new Error(writer.problem.reason);
        const { write, checksumLength } = writer.value;
        expect(write(text)).toMatchObject({ ok: true, value: { length: encodeUtf8(text).length + checksumLength } });
      }),
    );
  });
});
