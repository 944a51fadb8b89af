import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readRows, rowLimits } from '#jobs/rows.ts';
import type { Row } from '#jobs/send-list.ts';

/** Reads all rows of `text`, given in pieces of `size` bytes. */
async function rowsOf(name: string, text: string | Uint8Array, size = 3): Promise<{ rows: Row[]; problem: string }> {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  const reading = readRows(name, pieces);
  const rows: Row[] = [];
  for (;;) {
    const next = await reading.next();
    if (next.done) return { rows, problem: next.value ? `${next.value.message}: ${next.value.system}` : '' };
    rows.push(next.value);
  }
}

describe('the rows of a CSV file', () => {
  test('have the columns of the header line as variables, with quotes, line ends and a byte order mark', async () => {
    const text = '\ufeffname,size\r\nAda,1\r\n"Grace, ""Amazing""\n",2\r\n\r\nüñ,\r\n';
    expect(await rowsOf('orders.csv', text)).toEqual({
      rows: [
        { name: 'Ada', size: '1' },
        { name: 'Grace, "Amazing"\n', size: '2' },
        { name: 'üñ', size: '' },
      ],
      problem: '',
    });
  });

  test.each([';', '\t'])('may be separated by %j, as the header line is', async (delimiter) => {
    const { rows } = await rowsOf('orders.csv', `a${delimiter}b\n1,5${delimiter}2\n`);
    expect(rows).toEqual([{ a: '1,5', b: '2' }]);
  });

  test('do not depend on how the file is read, and hold any text', async () => {
    const cell = fc.string({ unit: 'grapheme', minLength: 1 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell)), fc.integer({ min: 1, max: 9 }), async (cells, size) => {
        const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
        const text = cells.map((row) => `${row.map(quoted).join(',')}\n`).join('');
        const { rows } = await rowsOf('any.csv', `a,b\n${text}`, size);
        expect(rows).toEqual(cells.map(([a, b]) => ({ a, b })));
      }),
      { numRuns: 50 },
    );
  });

  test.each([
    ['two columns with one name', 'a,a\n', 'two columns of its header line are named “a”'],
    ['a column without a name', 'a,\n', 'a column of its header line has no name'],
    ['a missing cell', 'a,b\n1\n', 'Invalid Record Length'],
    ['bytes that are not UTF-8', new Uint8Array([0x61, 0x0a, 0xff]), 'it is not valid UTF-8'],
    ['too long a record', `a\n"${'x'.repeat(rowLimits.record + 10)}"`, 'Max Record Size'],
    ['too many columns', `${Array.from({ length: 1_001 }, (_, at) => at).join(',')}\n`, 'more than 1000 columns'],
  ])('are refused with %s', async (_, text, problem) => {
    const read = await rowsOf('bad.csv', text, 65_536);
    expect(read.problem).toContain('Could not read row 1 of “bad.csv”');
    expect(read.problem).toContain(problem);
  });

  test('that name __proto__ are variables like others', async () => {
    const { rows } = await rowsOf('a.csv', '__proto__,b\n1,2\n');
    expect(Object.entries(rows[0] ?? {})).toEqual([
      ['__proto__', '1'],
      ['b', '2'],
    ]);
  });
});

describe('the rows of a JSON Lines file', () => {
  test('are the objects of its lines, with the digits of large integers', async () => {
    const { rows, problem } = await rowsOf('a.jsonl', '{"id":12345678901234567890,"v":1.5}\r\n\n{"id":2}');
    expect(problem).toBe('');
    expect(rows).toEqual([{ id: 12_345_678_901_234_567_890n, v: 1.5 }, { id: 2 }]);
  });

  test.each([
    ['a list', '{"a":1}\n[1]\n', 'it is not a JSON object'],
    ['a mistake', '{"a":1}\n{a}\n', 'JSON'],
    ['too long a line', `{"a":1}\n{"a":"${'x'.repeat(rowLimits.record)}"}`, 'more than 1048576 characters'],
  ])('end at %s, after the rows before it', async (_, text, problem) => {
    const read = await rowsOf('a.jsonl', text, 65_536);
    expect(read.rows).toEqual([{ a: 1 }]);
    expect(read.problem).toContain('Could not read row 2 of “a.jsonl”');
    expect(read.problem).toContain(problem);
  });
});

test('an unfinished reading closes the file', async () => {
  let isClosed = false;
  async function* pieces() {
    try {
      for (;;) yield Buffer.from('a\n1\n2\n');
    } finally {
      isClosed = true;
    }
  }
  const reading = readRows('endless.csv', pieces());
  expect(await reading.next()).toEqual({ done: false, value: { a: '1' } });
  await reading.return(undefined);
  await expect.poll(() => isClosed).toBe(true);
});
