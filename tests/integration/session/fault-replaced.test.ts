import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { changed, expectRecords } from '#support/changed-session.ts';
import { answerOf, SessionFolder } from '#support/session.ts';

const text = 'another program’s text\n';

describe.runIf(process.platform !== 'win32')('a session file that another program changes', () => {
  it('extended is noticed, and retry leaves out what is not of the session', async () => {
    await using folder = new SessionFolder();
    const log = await changed(folder, (path) => appendFileSync(path, text));
    expect(log.error?.system).toContain('wrote to the file');
    answerOf(await log.retry());
    expect(log.loss).toBeUndefined();
    await log.close();
    const opened = await folder.open('a.wirebench');
    expect(opened.notice).toBe('');
    await expectRecords(opened, 60, 0, 0);
  });

  it('replaced is noticed; the other file stays, and another place has all of the session', async () => {
    await using folder = new SessionFolder();
    const log = await changed(folder, (path) => {
      writeFileSync(folder.file('other'), text);
      renameSync(folder.file('other'), path);
    });
    expect(log.error?.system).toBe('another file is at this place');
    expect(await log.retry()).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining('Could not record'), system: log.error?.system },
    });
    answerOf(await log.move(folder.file('b.wirebench')));
    await log.close();
    expect(log.loss).toBeUndefined();
    expect(readFileSync(folder.file('a.wirebench'), 'utf8')).toBe(text);
    await expectRecords(await folder.open('b.wirebench'), 60, 0, 0);
  });

  it('replaced is written beside the other file where the session is closed', async () => {
    await using folder = new SessionFolder();
    const log = await changed(folder, (path) => {
      writeFileSync(folder.file('other'), text);
      renameSync(folder.file('other'), path);
    });
    await log.close();
    expect(readFileSync(folder.file('a.wirebench'), 'utf8')).toBe(text);
    expect(log.path).toBe(folder.file('a-recovered.wirebench'));
    await expectRecords(await folder.open('a-recovered.wirebench'), 60, 0, 0);
  });

  it('renamed is noticed, and retry writes all of the session at its place again', async () => {
    await using folder = new SessionFolder();
    const log = await changed(folder, (path) => renameSync(path, folder.file('elsewhere')));
    expect(log.error?.system).toBe('the file was moved or renamed');
    answerOf(await log.retry());
    await log.close();
    await expectRecords(await folder.open('a.wirebench'), 60, 0, 0);
  });
});
