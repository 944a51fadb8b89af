import { describe, expect, it } from 'vitest';
import { csvColumns, csvFormat } from '#shared/record/csv.ts';
import { formatRecord, jsonlFormat } from '#shared/record/jsonl.ts';
import type { Row } from '#shared/record/record.ts';
import { textFormat } from '#shared/record/text-log.ts';

const startAt = Date.UTC(2026, 2, 1, 14, 5, 9);

function row(length: number, parts: Partial<Row> = {}): Row {
  const common = { kind: 'in', socket: 3, offset: 0, head: 0, tail: 0, flags: 0, preview: '' } as const;
  return { seq: 7, at: startAt + 1_500.042, ...common, length, ...parts };
}

function line(text: string, parts: Partial<Row> = {}): string {
  const bytes = Buffer.from(text);
  return formatRecord(csvFormat(startAt), row(bytes.length, parts), bytes, undefined);
}

describe('csvFormat', () => {
  it('begins with the names of its columns, and ends lines as RFC 4180 says', () => {
    expect(csvFormat(0).header).toBe(`${csvColumns.join(',')}\r\n`);
    expect(line('hello')).toBe(
      '7,2026-03-01T14:05:10.500042Z,1.500042,message,3,,,,,in,5,5,,false,,0,,text,"hello"\r\n',
    );
  });

  it('leaves what a spreadsheet would take for a formula as it is', () => {
    expect(line('=HYPERLINK("x")')).toContain(',text,"=HYPERLINK(""x"")"\r\n');
  });

  it('writes times before the start with a sign', () => {
    expect(line('', { at: startAt - 0.25 })).toContain(',-0.000250,message');
  });

  it('puts what has a NUL in base64, for many readers end there', () => {
    expect(line('a\0b')).toContain(',base64,"YQBi"\r\n');
  });

  it('escapes bytes as it escapes strings', () => {
    const format = csvFormat(0);
    for (const text of ['', '"', '""', 'a"b', 'é"€"𝄞', 'plain']) {
      const into = Buffer.alloc(200);
      const length = format.escape?.(Buffer.from(text), into) ?? 0;
      expect(into.toString('utf8', 0, length)).toBe(format.text(text));
    }
  });
});

describe('marks', () => {
  it('stand in every text format, and only where they are set', () => {
    const bytes = Buffer.from('x');
    const mark = { bookmarked: true, note: 'look,\n"here"' };
    expect(JSON.parse(formatRecord(jsonlFormat, row(1, { mark }), bytes, undefined))).toMatchObject(mark);
    expect(formatRecord(textFormat, row(1, { mark }), bytes, undefined)).toContain(
      '[bookmarked, note: look,␊"here"]  x\n',
    );
    expect(formatRecord(csvFormat(0), row(1, { mark }), bytes, undefined)).toContain(
      ',true,"look,\n""here""",0,,text,"x"',
    );
    const plain = formatRecord(jsonlFormat, row(1), bytes, undefined);
    expect(plain).not.toContain('note');
    expect(plain).not.toContain('bookmarked');
  });
});
