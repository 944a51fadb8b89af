import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddress } from '#shared/socket/address.ts';
import { cases, Reached } from '#support/cases.ts';
import { fixture, ImportFolder, withTimes } from '#support/imports.ts';
import { acceptedSocket, recordMessages, SessionFolder } from '#support/session.ts';
import { steps, writeSession } from '#support/session-script.ts';

describe('importing what Wirebench exported', () => {
  it('as JSON lines gives the same records', async () => {
    using folder = new ImportFolder();
    let files = 0;
    const reached = new Reached<'nothing' | 'records'>();
    await fc.assert(
      fc.asyncProperty(steps, async (script) => {
        files += 1;
        const path = folder.file(`session-${files}.wirebench`);
        writeSession(path, script, true);
        const exported = await folder.export(path, 'jsonl');
        const text = readFileSync(exported);
        reached.note(text.length === 0 ? 'nothing' : 'records');
        // A file without a line cannot be recognized as an export.
        if (text.length === 0) {
          expect(folder.read(path).records).toEqual([]);
          return;
        }
        const again = await folder.imported(text);
        expect(again.imported.notice).toBe(again.imported.messages === 0 ? 'No messages were imported.' : '');
        expect(withTimes(again.records)).toEqual(withTimes(folder.read(path).records));
      }),
      cases(40),
    );
    reached.expectEach(['records'], 20);
  });

  it('as JSON lines keeps the transport and the ends of sockets', async () => {
    using folder = new ImportFolder();
    const result = await folder.imported(readFileSync(fixture('loopback.pcap')));
    const again = await folder.imported(readFileSync(await folder.export(result.imported.path, 'jsonl')));
    expect(again.sockets).toEqual(result.sockets);
    expect(withTimes(again.records)).toEqual(withTimes(result.records));
  });

  it('as pcapng gives the same messages, sides, ends, bookmarks and notes', async () => {
    await using sessions = new SessionFolder();
    using folder = new ImportFolder();
    const log = sessions.create('run.wirebench');
    const at = Date.now();
    const local = { host: '127.0.0.1', port: 12_345, family: 4 } as const;
    const peer = { host: '127.0.0.1', port: 51_422, family: 4 } as const;
    log.describe({ ...acceptedSocket, local: formatAddress(local), peer: formatAddress(peer) });
    log.event(1, at, { kind: 'accepted', local, peer, listener: 0 });
    recordMessages(log, 'in', [Buffer.from('one\n'), Buffer.alloc(200_000, 'long '), Buffer.from('two\n')], 0, at + 1);
    const reply = recordMessages(log, 'out', [Buffer.from('Message received!')], 0, at + 2);
    log.event(1, at + 3, { kind: 'ended' });
    log.event(1, at + 4, { kind: 'shutdown' });
    log.event(1, at + 4, { kind: 'closed', cause: 'peer', bytesIn: 200_008, bytesOut: 17 });
    await log.flush();
    await log.mark(reply, { bookmarked: true, note: 'look here' });
    const saved = await log.ask('save', { format: 'pcapng', path: folder.file('run.pcapng') });
    expect(saved.ok).toBe(true);
    const result = await folder.imported(readFileSync(folder.file('run.pcapng')));
    await log.close();
    expect(withTimes(result.records)).toEqual(withTimes(folder.read(log.path).records));
    expect(result.sockets).toMatchObject([
      { role: 'accepted', local: formatAddress(local), peer: formatAddress(peer) },
    ]);
    expect(result.marks).toEqual([{ seq: reply, bookmarked: true, note: 'look here' }]);
  });
});
