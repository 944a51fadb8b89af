import { describe, expect, test } from 'vitest';
import { readDocument } from '#shared/payload/document-text.ts';

const bytes = (text: string, encoding: BufferEncoding = 'utf8') => new Uint8Array(Buffer.from(text, encoding));
const reasonOf = (format: 'json' | 'xml', document: Uint8Array) => {
  const read = readDocument(format, document);
  return read.ok ? undefined : `${read.problem.line}:${read.problem.column} ${read.problem.reason}`;
};

describe('the text of a document', () => {
  test('keeps the byte order mark of JSON, and leaves out the one of XML', () => {
    expect(readDocument('json', bytes('\ufeff{}'))).toEqual({ ok: true, value: '\ufeff{}' });
    expect(readDocument('xml', bytes('\ufeff<a/>'))).toEqual({ ok: true, value: '<a/>' });
    expect(readDocument('xml', bytes('\ufeff<a/>', 'utf16le'))).toEqual({ ok: true, value: '<a/>' });
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
    expect(reasonOf('json', new Uint8Array(document))).toBe(`${place} Invalid UTF-8: these bytes are no character`);
  });
});
