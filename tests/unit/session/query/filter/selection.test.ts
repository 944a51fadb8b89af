import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { BlockSource } from '#session/format/block-source.ts';
import { selectionOf } from '#session/query/filter/filter-text.ts';
import { indexOf, type Script, writeFilterSession } from '#support/filter-session.ts';
import { answerOf } from '#support/session.ts';

it('chooses the same records to the end, whatever is marked meanwhile', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wirebench-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'a.wirebench');
  const message = { kind: 'in', socket: 1, waitMs: 1, body: new Uint8Array(3), head: 0, tail: 0, flags: 0 } as const;
  writeFilterSession(path, new Array<Script>(4).fill(message));
  const index = indexOf(path);
  onTestFinished(() => index.file.close());
  for (const seq of [0, 1, 2]) index.marks.set(seq, { seq, bookmarked: seq > 0, note: 'old' });
  const block = new BlockSource(index).load(0);
  if (block === undefined) throw new Error('the session has no block');
  const bookmarked = answerOf(selectionOf(index, { filter: 'bookmarked' }));
  const noted = answerOf(selectionOf(index, { filter: 'note contains "old"' }));
  index.marks.delete(1);
  index.marks.set(0, { seq: 0, bookmarked: true, note: 'new' });
  expect([...(bookmarked.of(block) ?? [])]).toEqual([1, 2]);
  expect([...(noted.of(block) ?? [])]).toEqual([0, 1, 2]);
});
