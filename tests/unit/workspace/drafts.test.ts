import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { answerOf } from '#support/session.ts';
import type { Draft } from '#workspace/draft-files.ts';
import { Drafts } from '#workspace/drafts.ts';

const id = 'a'.repeat(32);
const key = 'payloads/orders/new-order.json';

function draft(text: string, of = key): Draft {
  return { key: of, bytes: Buffer.from(text), basedOn: 'new', details: { name: 'New order', cursor: [1, 2] } };
}

describe('drafts', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'wirebench-drafts-'));
  });
  afterEach(() => rmSync(home, { recursive: true }));

  const folder = () => join(home, 'drafts', id);
  const listed = async (drafts: Drafts) =>
    answerOf(await drafts.list()).drafts.map(({ key: of, bytes }) => `${of}: ${Buffer.from(bytes)}`);

  it('come back after a restart as they were kept, for their owner only', async () => {
    const kept = { ...draft('{\r\n\0ä'), basedOn: 'v1' };
    answerOf(await new Drafts(home, id).keep(kept));
    const { drafts, problems } = answerOf(await new Drafts(home, id).list());
    expect(drafts).toMatchObject([{ key, basedOn: 'v1', details: kept.details, isOwn: false }]);
    expect(Buffer.from(drafts[0]?.bytes ?? [])).toEqual(kept.bytes);
    expect(Math.abs((drafts[0]?.keptAt ?? 0) - Date.now())).toBeLessThan(60_000);
    expect(problems).toEqual([]);
    const [name = ''] = readdirSync(folder());
    expect([statSync(folder()).mode & 0o777, statSync(join(folder(), name)).mode & 0o777]).toEqual([0o700, 0o600]);
  });

  it('are written immediately, and then no more than once a second, the last of them', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const drafts = new Drafts(home, id);
    answerOf(await drafts.keep(draft('1')));
    const later = ['2', '3', '4'].map((text) => drafts.keep(draft(text)));
    await vi.advanceTimersByTimeAsync(900);
    expect(await listed(drafts)).toEqual([`${key}: 1`]);
    await vi.advanceTimersByTimeAsync(100);
    await Promise.all(later);
    expect(await listed(drafts)).toEqual([`${key}: 4`]);
  });

  it('that wait are written by flush', async () => {
    const drafts = new Drafts(home, id);
    answerOf(await drafts.keep(draft('1')));
    void drafts.keep(draft('2'));
    void drafts.keep(draft('a', 'another'));
    answerOf(await drafts.flush());
    expect((await listed(drafts)).sort()).toEqual(['another: a', `${key}: 2`]);
  });

  it('that are dropped do not come back, also one that waits', async () => {
    const drafts = new Drafts(home, id);
    answerOf(await drafts.keep(draft('1')));
    const waiting = drafts.keep(draft('2'));
    answerOf(await drafts.drop(key));
    await waiting;
    expect(await listed(drafts)).toEqual([]);
    answerOf(await drafts.keep(draft('3')));
    answerOf(await drafts.flush());
    expect(await listed(drafts)).toEqual([`${key}: 3`]);
    expect(await drafts.drop('nothing')).toMatchObject({ ok: true });
  });

  it('of two pages do not replace each other; those of a page that has ended are dropped if they were seen', async () => {
    const [one, other] = [new Drafts(home, id), new Drafts(home, id)];
    answerOf(await one.keep(draft('one')));
    answerOf(await other.keep(draft('other')));
    expect((await listed(one)).sort()).toEqual([`${key}: one`, `${key}: other`]);
    void other.keep(draft('other, later'));
    await other.end();
    answerOf(await one.drop(key));
    expect(await listed(one)).toEqual([`${key}: other, later`]);
    answerOf(await one.drop(key));
    expect(await listed(other)).toEqual([]);
  });

  it('of a page that is running are deleted by no other, whether it drops them or replaces them', async () => {
    const [one, other] = [new Drafts(home, id), new Drafts(home, id)];
    answerOf(await other.keep(draft('other')));
    const [seen] = answerOf(await one.list()).drafts;
    answerOf(await one.keep(draft('other'), [seen?.id ?? '']));
    answerOf(await one.drop(key));
    expect(await listed(one)).toEqual([`${key}: other`]);
    await other.end();
    // Its connection was lost only: it keeps its drafts again.
    answerOf(await other.keep(draft('other')));
    await listed(one);
    answerOf(await one.drop(key));
    expect(await listed(one)).toEqual([`${key}: other`]);
  });

  it('of a page that has ended are deleted as soon as a copy of them is on the disk', async () => {
    const [ended, next] = [new Drafts(home, id), new Drafts(home, id)];
    answerOf(await ended.keep(draft('1')));
    answerOf(await ended.keep(draft('2', 'another')));
    await ended.end();
    const seen = answerOf(await next.list()).drafts.find((found) => found.key === key);
    answerOf(await next.keep(draft('1', 'a copy'), [seen?.id ?? '']));
    expect((await listed(next)).sort()).toEqual(['a copy: 1', 'another: 2']);
  });

  it.each([
    { owner: 'a process of this machine that has ended', host: hostname(), pid: 'ended', ageMs: 0, isDeleted: true },
    {
      owner: 'a process of this machine that is running',
      host: hostname(),
      pid: 'running',
      ageMs: 1e12,
      isDeleted: false,
    },
    { owner: 'another machine, a minute ago', host: 'other.example', pid: 'ended', ageMs: 60_000, isDeleted: false },
    {
      owner: 'another machine, two days ago',
      host: 'other.example',
      pid: 'ended',
      ageMs: 172_800_000,
      isDeleted: true,
    },
  ])('of $owner: deleted with the copy: $isDeleted', async ({ host, pid, ageMs, isDeleted }) => {
    const { pid: endedPid } = spawnSync(process.execPath, ['--version']);
    mkdirSync(folder(), { recursive: true });
    const header = { key, basedOn: 'new', details: {}, keptAt: Date.now() - ageMs, host, bytes: 1 };
    const name = `${'0'.repeat(32)}-${pid === 'ended' ? endedPid : process.ppid}-${'a'.repeat(12)}.draft`;
    writeFileSync(join(folder(), name), `${JSON.stringify(header)}\n1`);
    const drafts = new Drafts(home, id);
    expect(await listed(drafts)).toEqual([`${key}: 1`]);
    answerOf(await drafts.drop(key));
    expect(await listed(drafts)).toEqual(isDeleted ? [] : [`${key}: 1`]);
  });

  it('of another workspace are not listed', async () => {
    answerOf(await new Drafts(home, 'b'.repeat(32)).keep(draft('1')));
    expect(await listed(new Drafts(home, id))).toEqual([]);
  });

  it('that are damaged stay on the disk and are reported; the others are listed', async () => {
    const drafts = new Drafts(home, id);
    answerOf(await drafts.keep(draft('whole')));
    const [name = ''] = readdirSync(folder());
    const content = readFileSync(join(folder(), name));
    const damaged = ['', '{', '{}\n', 'null\n', content.subarray(0, -1), Buffer.concat([content, Buffer.from('x')])];
    for (const [at, text] of damaged.entries()) writeFileSync(join(folder(), `${at}.draft`), text);
    const { drafts: found, problems } = answerOf(await drafts.list());
    expect(found).toHaveLength(1);
    expect(problems.map(({ system }) => system)).toEqual(damaged.map(() => 'the file is damaged'));
    expect(readdirSync(folder())).toHaveLength(damaged.length + 1);
  });

  it('that are too large are refused', async () => {
    const drafts = new Drafts(home, id);
    expect(await drafts.keep({ ...draft(''), details: 'x'.repeat(300_000) })).toMatchObject({
      error: { code: 'too-large' },
    });
    expect(await drafts.keep({ ...draft(''), bytes: Buffer.alloc(64 * 1_048_576 + 1) })).toMatchObject({
      error: { code: 'too-large' },
    });
    expect(await listed(drafts)).toEqual([]);
  });

  it('that cannot be written are a failure, for each that waited', async () => {
    writeFileSync(join(home, 'drafts'), '');
    const drafts = new Drafts(home, id);
    const results = await Promise.all([drafts.keep(draft('1')), drafts.keep(draft('2'))]);
    expect(results).toMatchObject([{ error: { code: 'file' } }, { error: { code: 'file' } }]);
  });
});
