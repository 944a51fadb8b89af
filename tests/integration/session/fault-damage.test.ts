import { readFileSync, writeFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openSessionLog } from '#session/session-log.ts';
import { blockHeaderSize, blockTypes, makeBlock, writeBlockHeader } from '#shared/record/block.ts';
import { cases, Reached } from '#support/cases.ts';
import { answerOf, SessionFolder } from '#support/session.ts';
import { type Step, writeSession } from '#support/session-script.ts';

/** Reads, lines, a lifecycle event and a message larger than a block, some of each in several blocks. */
const script: Step[] = Array.from({ length: 12 }, (_, turn): Step[] => [
  { do: 'read', socket: 1, length: 700 },
  { do: 'run', socket: 1, direction: 'in', carryOver: 0, sizes: [5, 0, 300, 41], rest: 2, flags: 0 },
  turn % 4 === 3 ? { do: 'flush' } : { do: 'event', socket: 1, event: { kind: 'ended' } },
  { do: 'run', socket: 2, direction: 'out', carryOver: 3, sizes: [turn === 5 ? 40_000 : 17], rest: 0, flags: 2 },
]).flat();

interface Seen {
  readonly rows: readonly string[];
  readonly notice: string;
  readonly reads: number;
}

/** What the program makes of `path`, by the way that every host goes; undefined where it takes it for no session. */
async function seen(path: string): Promise<Seen | undefined> {
  const opened = await openSessionLog(path);
  if (!opened.ok) {
    expect(opened.error.code).toBe('not-a-session');
    expect(opened.error.system).not.toBe('');
    return undefined;
  }
  const session = opened.value;
  const stats = answerOf(await session.ask('statistics', { pairing: { kind: 'order' } }));
  const { rows, total } = answerOf(await session.ask('window', { first: 0, count: 1_000 }));
  expect(stats.records).toBe(total);
  const { reads } = answerOf(await session.ask('reads', { socket: 1, from: 0, to: 1_000_000 }));
  const { notice } = session;
  await session.close();
  return { rows: rows.map(({ kind, length, preview }) => `${kind} ${length} ${preview}`), notice, reads: reads.length };
}

describe('a damaged session file', () => {
  it('opens with a correct prefix and says what is missing, wherever it was truncated or a bit has flipped', async () => {
    await using folder = new SessionFolder();
    const path = folder.file('whole.wirebench');
    writeSession(path, script, true);
    const whole = await seen(path);
    expect(whole?.notice).toBe('');
    expect(whole?.reads).toBe(12);
    const bytes = readFileSync(path);
    const place = fc.oneof(
      fc.nat(bytes.length - 1),
      fc.nat(600),
      fc.nat(300).map((back) => bytes.length - 1 - back),
    );
    let files = 0;
    const reached = new Reached<'no session' | 'some records' | 'no records'>();
    await fc.assert(
      fc.asyncProperty(place, fc.option(fc.nat(7)), async (at, bit) => {
        files += 1;
        const damaged = folder.file(`${files}.wirebench`);
        const changed = Buffer.from(bit === null ? bytes.subarray(0, at) : bytes);
        if (bit !== null) changed[at] = (changed[at] as number) ^ (1 << bit);
        writeFileSync(damaged, changed);
        const found = await seen(damaged);
        reached.note(found === undefined ? 'no session' : found.rows.length > 0 ? 'some records' : 'no records');
        if (found === undefined) {
          expect(at).toBeLessThan(bytes.indexOf('WBk1', 4));
          return;
        }
        expect(found.notice).toMatch(/damaged|not closed properly/);
        expect(found.rows).toEqual(whole?.rows.slice(0, found.rows.length));
        expect(found.reads).toBeLessThanOrEqual(12);
      }),
      cases(12),
    );
    reached.expectEach(['some records']);
  }, 180_000);

  it('whose blocks claim to be huge takes no memory and no time', async () => {
    await using folder = new SessionFolder();
    const path = folder.file('whole.wirebench');
    writeSession(path, script, true);
    const bytes = readFileSync(path);
    const end = bytes.lastIndexOf('WBk1');
    const forged = (type: number, count: number, payloadLength: number, bodyLength: number) => {
      const block = new Uint8Array(blockHeaderSize);
      const header = { type, bodyLength, first: whole.rows.length, count, payloadLength, baseTime: 0 };
      writeBlockHeader(new DataView(block.buffer), header);
      return block;
    };
    const whole = (await seen(path)) as Seen;
    const huge = 0x2000_0000;
    const blocks = [
      forged(blockTypes.records, 1, huge, huge + 24),
      forged(blockTypes.reads, 0, huge, huge),
      forged(blockTypes.marks, 0, huge, huge),
      forged(200, 0, huge, huge),
      makeBlock(blockTypes.reads, new Uint8Array(21), whole.rows.length, crc32),
    ];
    for (const [index, block] of blocks.entries()) {
      const damaged = folder.file(`${index}.wirebench`);
      writeFileSync(damaged, Buffer.concat([bytes.subarray(0, end), block]));
      const before = process.memoryUsage().rss;
      const found = await seen(damaged);
      expect(found?.rows).toEqual(whole.rows);
      expect(found?.notice).toContain('damaged');
      expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1_048_576);
    }
  });
});
