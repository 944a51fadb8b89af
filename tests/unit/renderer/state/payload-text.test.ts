import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fileBytes, shownFile, withEnding } from '../../../../src/renderer/state/payload-text.ts';

describe('the file of a payload', () => {
  test.each([
    ['.json', 'utf-8'],
    ['.txt', 'iso-8859-1'],
    ['.txt', 'utf-16le'],
    ['.xml', 'windows-1252'],
    ['.txt', 'gbk'],
    ['.txt', 'shift_jis'],
    ['.bin', 'utf-8'],
  ] as const)('%s in %s with any bytes is the same after it was shown and saved', async (ending, encoding) => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 64 }), async (bytes) => {
        const shown = await shownFile(`payloads/a${ending}`, bytes, encoding);
        if (!shown.ok) throw new Error('it is shown');
        const saved = await fileBytes(`payloads/a${ending}`, shown.value.format, shown.value.text, encoding);
        expect(saved).toEqual({ ok: true, value: bytes });
      }),
    );
  });

  test('in another encoding is shown as its text, and a character that it does not have is not saved', async () => {
    const path = 'payloads/a.txt';
    const shown = await shownFile(path, Uint8Array.of(0xe9), 'iso-8859-1');
    expect(shown).toMatchObject({ ok: true, value: { format: 'text', text: 'é' } });
    expect(await fileBytes(path, 'text', 'a\n€', 'iso-8859-1')).toMatchObject({ ok: false, problem: { line: 2 } });
  });

  test('.hex is hex as it was written, with its blanks and lines', async () => {
    const written = new TextEncoder().encode('1B 5b\r\n  00');
    const shown = await shownFile('payloads/a.hex', written);
    expect(shown).toMatchObject({ ok: true, value: { format: 'hex', text: '1B 5b\r\n  00' } });
    expect(await fileBytes('payloads/a.hex', 'hex', '1B 5b\r\n  00')).toEqual({ ok: true, value: written });
    expect(await fileBytes('payloads/a.hex', 'text', 'A')).toEqual({ ok: true, value: new TextEncoder().encode('41') });
  });

  test('that is not UTF-8 is shown as hex, and says so', async () => {
    const shown = await shownFile('payloads/a.txt', new Uint8Array([0x41, 0xff]));
    expect(shown).toMatchObject({ ok: true, value: { format: 'hex', text: '41 ff' } });
    expect(shown.ok && shown.value.notice).toContain('not valid UTF-8');
  });

  test('keeps invalid hex from being saved as bytes', async () => {
    expect(await fileBytes('payloads/a.bin', 'hex', '4')).toMatchObject({ ok: false });
  });
});

test('a name without an ending of a payload gets that of its format', () => {
  expect(withEnding('a', 'json')).toBe('a.json');
  expect(withEnding('a.v2', 'text')).toBe('a.v2.txt');
  expect(withEnding('a.xml', 'json')).toBe('a.xml');
  expect(withEnding('.json', 'json')).toBe('.json.json');
});
