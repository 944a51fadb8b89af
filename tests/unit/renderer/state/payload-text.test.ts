import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fileBytes, shownFile, withEnding } from '../../../../src/renderer/state/payload-text.ts';

describe('the file of a payload', () => {
  test.each(['.json', '.xml', '.txt', '.bin'])(
    '%s with any bytes is the same after it was shown and saved',
    (ending) => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
          const shown = shownFile(`payloads/a${ending}`, bytes);
          if (!shown.ok) throw new Error('it is shown');
          const saved = fileBytes(`payloads/a${ending}`, shown.value.format, shown.value.text);
          expect(saved).toEqual({ ok: true, value: bytes });
        }),
      );
    },
  );

  test('.hex is hex as it was written, with its blanks and lines', () => {
    const written = new TextEncoder().encode('1B 5b\r\n  00');
    const shown = shownFile('payloads/a.hex', written);
    expect(shown).toMatchObject({ ok: true, value: { format: 'hex', text: '1B 5b\r\n  00' } });
    expect(fileBytes('payloads/a.hex', 'hex', '1B 5b\r\n  00')).toEqual({ ok: true, value: written });
    expect(fileBytes('payloads/a.hex', 'text', 'A')).toEqual({ ok: true, value: new TextEncoder().encode('41') });
  });

  test('that is not UTF-8 is shown as hex, and says so', () => {
    const shown = shownFile('payloads/a.txt', new Uint8Array([0x41, 0xff]));
    expect(shown).toMatchObject({ ok: true, value: { format: 'hex', text: '41 ff' } });
    expect(shown.ok && shown.value.notice).toContain('not valid UTF-8');
  });

  test('keeps invalid hex from being saved as bytes', () => {
    expect(fileBytes('payloads/a.bin', 'hex', '4')).toMatchObject({ ok: false });
  });
});

test('a name without an ending of a payload gets that of its format', () => {
  expect(withEnding('a', 'json')).toBe('a.json');
  expect(withEnding('a.v2', 'text')).toBe('a.v2.txt');
  expect(withEnding('a.xml', 'json')).toBe('a.xml');
  expect(withEnding('.json', 'json')).toBe('.json.json');
});
