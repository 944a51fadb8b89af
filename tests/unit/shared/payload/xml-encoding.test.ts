import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { type EncodingName, encodeText, encodings, loadEncoding } from '#shared/bytes/encodings.ts';
import { declaredEncoding, encodingProblem, xmlEncoding } from '#shared/payload/xml-encoding.ts';

beforeAll(async () => {
  for (const { name } of encodings) await loadEncoding(name);
});

function bytesOf(text: string, name: EncodingName): Uint8Array {
  const encoded = encodeText(text, name);
  if (!encoded.ok) throw new Error(encoded.reason);
  return encoded.bytes;
}

const declaring = (name: string) => `<?xml version="1.0" encoding="${name}"?><a>é</a>`;

describe('the encoding of an XML document', () => {
  test.each([
    ['utf-8', declaring('UTF-8')],
    ['utf-8', '<a>é</a>'],
    ['utf-8', ''],
    ['utf-8-bom', '<a>é</a>'],
    ['utf-16le-bom', '<a>é</a>'],
    ['utf-16be-bom', declaring('UTF-16')],
    ['utf-16le', declaring('UTF-16LE')],
    ['utf-16be', declaring('utf-16be')],
    ['iso-8859-1', declaring('ISO-8859-1')],
    ['windows-1252', declaring('Windows-1252')],
    ['gbk', declaring('GB2312')],
    ['shift_jis', declaring('Shift_JIS').replace('é', '日')],
  ] as const)('%s is found: %s', (name, text) => expect(xmlEncoding(bytesOf(text, name))).toBe(name));

  test('is that of the bytes where the declaration cannot be true', () => {
    expect(xmlEncoding(bytesOf('<?xml version="1.0" encoding="UTF-16"?><a/>', 'utf-8'))).toBe('utf-8');
    expect(xmlEncoding(bytesOf('<?xml version="1.0" encoding="UTF-8"?><a/>', 'utf-16le-bom'))).toBe('utf-16le-bom');
  });

  test('is unknown for UTF-32, EBCDIC and encodings that Wirebench does not have', () => {
    for (const hex of ['0000feff', 'fffe0000', '0000003c', '3c000000', '4c6fa794']) {
      expect(xmlEncoding(new Uint8Array(Buffer.from(hex, 'hex')))).toBeUndefined();
    }
    expect(xmlEncoding(bytesOf('<?xml version="1.0" encoding="KOI8-R"?><a/>', 'utf-8'))).toBeUndefined();
  });

  test('is found in any bytes without an exception', () => {
    const names: unknown[] = [undefined, ...encodings.map(({ name }) => name)];
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        expect(names).toContain(xmlEncoding(bytes));
      }),
    );
  });
});

describe('a declared encoding', () => {
  test('has its place in the text', () => {
    const text = "\ufeff<?xml version='1.0'\r\n encoding = 'latin1' standalone='yes'?><a/>";
    expect(declaredEncoding(text)).toEqual({ name: 'latin1', at: text.indexOf('latin1') });
    expect(declaredEncoding('<a encoding="x"/>')).toBeUndefined();
    expect(declaredEncoding(' <?xml version="1.0" encoding="x"?>')).toBeUndefined();
    expect(declaredEncoding(`<?xml ${' '.repeat(100_000)} encoding="x"?>`)).toBeUndefined();
  });

  test.each([
    ['utf-8', 'utf-8', undefined],
    ['utf-8-bom', 'UTF-8', undefined],
    ['utf-16le-bom', 'UTF-16', undefined],
    ['utf-16be-bom', 'UTF-16BE', undefined],
    ['utf-16be', 'UTF-16BE', undefined],
    ['iso-8859-1', 'latin1', undefined],
    ['shift_jis', 'Windows-31J', undefined],
    ['utf-8', 'ISO-8859-1', 'The declaration names ISO-8859-1, but the document is sent as UTF-8'],
    ['utf-8', 'UTF-16', 'The declaration names UTF-16, but the document is sent as UTF-8'],
    ['utf-16le-bom', 'UTF-16BE', 'The declaration names UTF-16BE, but the document is sent as UTF-16LE'],
    ['utf-16le-bom', 'UTF-8', 'The declaration names UTF-8, but the document is sent as UTF-16LE'],
    ['iso-8859-1', 'windows-1252', 'The declaration names windows-1252, but the document is sent as ISO-8859-1'],
    ['utf-16le', 'UTF-16', 'A document in UTF-16 begins with a byte order mark'],
  ] as const)('of a document in %s may be %s: %s', (encoding, declared, message) => {
    const text = declaring(declared);
    const place = { at: text.indexOf(declared), length: declared.length, severity: 'error' };
    expect(encodingProblem(text, encoding)).toEqual(message && { ...place, message });
  });

  test('that differs is a warning while the bytes are the same', () => {
    const ascii = declaring('ISO-8859-1').replace('é', 'e');
    expect(encodingProblem(ascii, 'utf-8')?.severity).toBe('warning');
    expect(encodingProblem(`\ufeff${ascii}`, 'utf-8')?.severity).toBe('warning');
    expect(encodingProblem(ascii, 'utf-16le-bom')?.severity).toBe('error');
  });

  test('is required where the bytes do not say it', () => {
    expect(encodingProblem('<a>é</a>', 'utf-8')).toBeUndefined();
    expect(encodingProblem('<a>e</a>', 'iso-8859-1')).toBeUndefined();
    expect(encodingProblem('<a>é</a>', 'utf-16le-bom')).toBeUndefined();
    expect(encodingProblem('\ufeff<a>é</a>', 'utf-16le')).toBeUndefined();
    expect(encodingProblem('<a>é</a>', 'utf-16le')?.message).toBe('A document in UTF-16 begins with a byte order mark');
    expect(encodingProblem('<a>é</a>', 'iso-8859-1')).toEqual({
      at: 0,
      length: 1,
      severity: 'error',
      message: 'The document is sent as ISO-8859-1, but has no declaration that names it',
    });
  });
});
