import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvColumns, csvFormat } from '#shared/export/csv.ts';
import { formatRecord, jsonlFormat } from '#shared/export/jsonl.ts';
import { textFormat } from '#shared/export/text-log.ts';
import type { Row } from '#shared/record/record.ts';

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

  it('puts an apostrophe before what a spreadsheet would run, in every cell that a peer or a person chose', () => {
    for (const start of ['=', '+', '-', '@', '\t', '\r', "'"]) {
      expect(line(`${start}HYPERLINK("x")`)).toContain(`,text,"'${start}HYPERLINK(""x"")"\r\n`);
    }
    const socket = { id: 3, role: 'accepted', transport: 'tcp', endpoint: 'e', framing: 'line' } as const;
    const ends = { name: '=name', local: '@local', peer: '+peer' };
    const mark = { bookmarked: false, note: '-note' };
    const bytes = Buffer.from([0xfb, 0xff]);
    const all = formatRecord(csvFormat(startAt), row(2, { mark }), bytes, { ...socket, ...ends });
    expect(all).toContain(",'=name,'@local,'+peer,tcp,in,2,2,,false,'-note,0,,base64,\"'+/8=\"\r\n");
  });

  it('guards only the start of a body, and each body again', () => {
    const format = csvFormat(0);
    expect(['=a', '=b'].map((piece) => format.text(piece)).join('') + format.end(true)).toBe('\'=a=b"\r\n');
    expect(format.text('') + format.text('=c')).toBe("'=c");
  });

  it('gives back any body to whoever takes the first apostrophe away', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'=+-@\t\r\'"a') }), (text) => {
        const cell = /,text,"(.*)"\r\n$/s.exec(line(text))?.[1]?.replaceAll('""', '"') ?? '';
        expect(cell).not.toMatch(/^[=+\-@\t\r]/);
        expect(cell.replace(/^'/, '')).toBe(text);
      }),
    );
  });

  it('leaves all cells as they are where that is asked for', () => {
    const bytes = Buffer.from('=HYPERLINK("x")');
    const kept = formatRecord(csvFormat(startAt, true), row(bytes.length), bytes, undefined);
    expect(kept).toContain(',text,"=HYPERLINK(""x"")"\r\n');
  });

  it('keeps its own numbers numbers', () => {
    expect(line('', { at: startAt - 0.25 })).not.toContain("'");
  });

  it('writes times before the start with a sign', () => {
    expect(line('', { at: startAt - 0.25 })).toContain(',-0.000250,message');
  });

  it('puts what has a NUL in base64, for many readers end there', () => {
    expect(line('a\0b')).toContain(',base64,"YQBi"\r\n');
  });

  it('escapes bytes as it escapes strings', () => {
    for (const text of ['', '"', '""', 'a"b', 'é"€"𝄞', 'plain', '=""', '\'"']) {
      const [format, other] = [csvFormat(0), csvFormat(0)];
      const into = Buffer.alloc(200);
      const length = format.escape?.(Buffer.from(text), into) ?? 0;
      expect(into.toString('utf8', 0, length)).toBe(other.text(text));
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
