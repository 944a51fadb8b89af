import { describe, expect, test } from 'vitest';
import { readDocument } from '#shared/payload/document-text.ts';

const bytes = (text: string, encoding: BufferEncoding = 'utf8') => new Uint8Array(Buffer.from(text, encoding));
const reasonOf = (format: 'json' | 'xml', document: Uint8Array) => {
  const read = readDocument(format, document);
  return read.ok ? undefined : `${read.problem.line}:${read.problem.column} ${read.problem.reason}`;
};

describe('the text of a document', () => {
  test('keeps its byte order mark, and further ones', () => {
    expect(readDocument('json', bytes('\ufeff{}'))).toEqual({ ok: true, value: '\ufeff{}' });
    expect(readDocument('xml', bytes('\ufeff\ufeff<a/>'))).toEqual({ ok: true, value: '\ufeff\ufeff<a/>' });
    expect(readDocument('xml', bytes('\ufeff<a/>', 'utf16le'))).toEqual({ ok: true, value: '\ufeff<a/>' });
  });

  test.each(['US-ASCII', 'ascii', 'ANSI_X3.4-1968'])('is refused where %s has no such bytes', (encoding) => {
    const start = `<?xml version="1.0" encoding="${encoding}"?>`;
    expect(readDocument('xml', bytes(`${start}<a/>`)).ok).toBe(true);
    expect(reasonOf('xml', bytes(`${start}<a>ü</a>`))).toBe(
      `1:${start.length + 4} Invalid ${encoding.toUpperCase()}: these bytes are not a character`,
    );
  });

  test('of ISO-8859-1 has a character of the same number for each byte, unlike that of Windows-1252', () => {
    const text = (encoding: string) => `<?xml version="1.0" encoding="${encoding}"?><a>\x80</a>`;
    const read = (encoding: string) => readDocument('xml', bytes(text(encoding), 'latin1'));
    expect(read('ISO-8859-1')).toEqual({ ok: true, value: text('ISO-8859-1') });
    expect(read('windows-1252')).toEqual({ ok: true, value: text('windows-1252').replace('\x80', '€') });
  });

  test('is read in the encoding that an XML declaration names', () => {
    const text = '<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>';
    expect(readDocument('xml', bytes(text, 'latin1'))).toEqual({ ok: true, value: text });
    expect(reasonOf('xml', bytes('<?xml version="1.0" encoding="klingon"?><a/>'))).toBe(
      '1:1 The encoding klingon is unknown',
    );
  });

  test('is refused where the declaration contradicts the byte order mark', () => {
    expect(reasonOf('xml', bytes('<?xml version="1.0" encoding="UTF-16"?><a/>'))).toBe(
      '1:1 The declaration names the encoding UTF-16, but the document is not in UTF-16',
    );
    expect(reasonOf('xml', bytes('\ufeff<?xml version="1.0" encoding="utf-8"?><a/>', 'utf16le'))).toBe(
      '1:1 The declaration names the encoding utf-8, but the document is in UTF-16',
    );
  });

  test.each([
    [[0x22, 0xff, 0x22], '1:2'],
    [[0x22, 0xef, 0xbf, 0xbd, 0x0a, 0xc3], '2:1'],
    [[0xe2, 0x82], '1:1'],
  ])('is refused where %j is not UTF-8, with the place', (document, place) => {
    expect(reasonOf('json', new Uint8Array(document))).toBe(`${place} Invalid UTF-8: these bytes are not a character`);
  });
});
