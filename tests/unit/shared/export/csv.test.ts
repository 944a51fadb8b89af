import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvColumns, csvFormat } from '#shared/export/formats/csv.ts';
import { formatRecord, jsonlFormat } from '#shared/export/formats/jsonl.ts';
import { textFormat } from '#shared/export/formats/text.ts';
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

/** Texts of what matters in a cell. */
const hostile = fc.string({ unit: fc.constantFrom(...'=+-@＝＋－＠;\t\r\n\'"a,é！') });

describe('csvFormat', () => {
  it('begins with the names of its columns, and ends lines as RFC 4180 says', () => {
    expect(csvFormat(0).header).toBe(`${csvColumns.join(',')}\r\n`);
    expect(line('hello')).toBe(
      '7,2026-03-01T14:05:10.500042Z,1.500042,message,3,,,,,in,5,5,,,false,,0,,text,"hello"\r\n',
    );
  });

  it('has the verdict on the checksum of a message, where it is checked', () => {
    expect(line('hello', { flags: 16, checksum: 'bad' })).toContain(',in,5,5,text,bad,false,');
  });

  it('puts an apostrophe before what a spreadsheet would run, in every cell that a peer or a person chose', () => {
    for (const start of ['=', '+', '-', '@', '\t', '\r', "'", '＝', '＋', '－', '＠']) {
      expect(line(`${start}HYPERLINK("x")`)).toContain(`,text,"'${start}HYPERLINK(""x"")"\r\n`);
    }
    const socket = { id: 3, role: 'accepted', transport: 'tcp', endpoint: 'e', framing: 'line' } as const;
    const ends = { name: '=name', local: '@local', peer: '+peer' };
    const mark = { bookmarked: false, note: '-note' };
    const bytes = Buffer.from([0xfb, 0xff]);
    const all = formatRecord(csvFormat(startAt), row(2, { mark }), bytes, { ...socket, ...ends });
    expect(all).toContain(",'=name,'@local,'+peer,tcp,in,2,2,,,false,'-note,0,,base64,\"'+/8=\"\r\n");
  });

  it('guards only the start of a body, and each body again', () => {
    const format = csvFormat(0);
    expect(['=a', '=b'].map((piece) => format.text(piece)).join('') + format.end(true)).toBe('\'=a=b"\r\n');
    expect(format.text('') + format.text('=c')).toBe("'=c");
  });

  it.each([
    { at: 'a semicolon', separators: /;/ },
    { at: 'a tab', separators: /\t/ },
    { at: 'semicolons and tabs', separators: /[;\t]/ },
  ])('leaves nothing to run where a spreadsheet splits at $at and takes quotes for text', ({ separators }) => {
    const socket = { id: 3, role: 'accepted', transport: 'tcp', endpoint: 'e', framing: 'line' } as const;
    fc.assert(
      fc.property(hostile, hostile, (body, note) => {
        const ends = { name: note, local: note, peer: note };
        const bytes = Buffer.from(body);
        const mark = { bookmarked: false, note };
        const all = formatRecord(csvFormat(startAt), row(bytes.length, { mark }), bytes, { ...socket, ...ends });
        const cells = all.split(/\r\n|[\r\n]/).flatMap((each) => each.split(separators));
        // A quote at the start of a cell and the one that ends it are taken away.
        for (const cell of cells) expect(cell.replace(/^"+/, '')).not.toMatch(/^[=+\-@＝＋－＠]/);
      }),
    );
  });

  it('puts cells into quotes that a spreadsheet of another locale would split', () => {
    const socket = { id: 3, role: 'accepted', transport: 'tcp', endpoint: 'e', framing: 'line' } as const;
    const ends = { name: 'a;=1+1', local: 'b\tc', peer: 'd' };
    expect(formatRecord(csvFormat(startAt), row(0), Buffer.from(''), { ...socket, ...ends })).toContain(
      `,"a;'=1+1","b\tc",d,tcp,`,
    );
  });

  it('guards what follows a separator in the piece before', () => {
    const format = csvFormat(0);
    expect(['a;', '"', '=b', '=c\n', '＝d'].map((piece) => format.text(piece)).join('')).toBe('a;""\'=b=c\n\'＝d');
  });

  it('gives back any body to whoever takes the apostrophes away', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const cell = /,text,"(.*)"\r\n$/s.exec(line(text))?.[1]?.replaceAll('""', '"') ?? '';
        expect(cell).not.toMatch(/^[=+\-@＝＋－＠\t\r\n]/);
        expect(cell.replaceAll(/^'|([;\t\r\n]"*)'/g, '$1')).toBe(text);
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
    const check = (text: string, keepFormulas: boolean) => {
      const [format, other] = [csvFormat(0, keepFormulas), csvFormat(0, keepFormulas)];
      const bytes = Buffer.from(text);
      const into = Buffer.alloc(bytes.length * 2);
      const length = format.escape?.(bytes, into) ?? 0;
      expect(length).toBeLessThanOrEqual(into.length);
      expect(into.toString('utf8', 0, length)).toBe(other.text(text));
    };
    for (const text of ['', '"', '""', 'a"b', 'é"€"𝄞', 'plain', '=""', '\'"']) check(text, false);
    fc.assert(fc.property(hostile, fc.boolean(), check));
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
