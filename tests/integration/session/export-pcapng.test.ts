import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  address,
  bytes,
  capture,
  closed,
  conversation,
  exported,
  type Life,
  type Move,
  playLife,
  rowOf,
  Script,
  startAt,
} from '#support/connections.ts';
import { answerOf, SessionFolder } from '#support/session.ts';
import { complaints, followed, packets, tshark } from '#support/tshark.ts';

describe('a session as pcapng', () => {
  for (const [name, local, peer] of [
    ['IPv4', address('127.0.0.1', 12_345), address('10.1.2.3', 51_422)],
    ['IPv6', address('::1', 12_345), address('2001:db8::7:1', 51_422)],
  ] as const) {
    it(`has the same messages and bytes for tshark over ${name}, of any size, and nothing to complain of`, async () => {
      await using folder = new SessionFolder();
      const log = folder.create('a.wirebench');
      const lengths = [1, 2, 3, 63, 64, 1_460, 65_495, 65_496, 65_515, 65_516, 200_001, 3_000_001];
      const all = [...lengths, ...Array.from({ length: 100 }, (_, at) => at + 1)];
      const stream = conversation(new Script(log), 3, local, peer, all);
      const path = await exported(log, folder);
      expect(await complaints(path)).toEqual([]);
      expect(await packets(path, 'tcp.flags.push == 1', 'frame.number')).toHaveLength(all.length);
      const [first, second] = await followed(path, 0);
      expect(first.equals(stream.in)).toBe(true);
      expect(second.equals(stream.out)).toBe(true);
      expect(await packets(path, 'tcp.analysis.flags', 'frame.number')).toEqual([]);
      const [interfaces] = await packets(
        path,
        'frame.number == 1',
        'frame.interface_name',
        'frame.time_epoch',
        'tcp.flags',
      );
      expect(interfaces).toEqual([
        'socket 3 · echo · accepted',
        `${startAt / 1_000 + 0.001}000000`.slice(0, 20),
        '0x0002',
      ]);
      const [last] = (await packets(path, 'tcp', 'tcp.completeness')).slice(-1);
      expect(last).toEqual(['31']);
    });
  }

  it('distinguishes the two recorded ends of one connection, and says how', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('a.wirebench');
    const script = new Script(log);
    const server = address('127.0.0.1', 12_345);
    const client = address('127.0.0.1', 51_422);
    script.socket(1, { role: 'listener', local: '127.0.0.1:12345' });
    script.event(1, { kind: 'listening', local: server, backlog: 5 });
    script.socket(2, { role: 'outgoing', local: '127.0.0.1:51422', peer: '127.0.0.1:12345' });
    script.event(2, { kind: 'connecting', peer: server, attempt: 1, of: 1 });
    script.socket(3, { local: '127.0.0.1:12345', peer: '127.0.0.1:51422' });
    script.event(3, { kind: 'accepted', local: server, peer: client, listener: 1 });
    script.event(2, { kind: 'opened', local: client, peer: server, elapsedMs: 1 });
    for (let turn = 0; turn < 40; turn += 1) {
      // The reply may be recorded before the send is confirmed.
      script.send(3, 'in', bytes(100, turn));
      script.send(3, 'out', bytes(100, turn));
      script.send(2, 'in', bytes(100, turn));
      script.send(2, 'out', bytes(100, turn));
    }
    script.event(2, { kind: 'shutdown' });
    script.event(3, { kind: 'ended' });
    script.event(3, closed('peer'));
    script.event(2, { kind: 'ended' });
    script.event(2, closed('local'));
    const path = await exported(log, folder);
    expect(await complaints(path)).toEqual([]);
    expect(await packets(path, 'tcp.flags.push == 1', 'frame.number')).toHaveLength(160);
    const stream = Buffer.concat(Array.from({ length: 40 }, (_, turn) => bytes(100, turn)));
    for (const number of [0, 1]) {
      const [first, second] = await followed(path, number);
      expect(first.equals(stream) && second.equals(stream)).toBe(true);
    }
    const comments = await packets(path, 'frame.comment', 'ip.src', 'frame.comment');
    expect(comments).toEqual([
      [
        '192.0.2.1',
        'socket 3: 127.0.0.1:51422 is written as 192.0.2.1:51422, for another recorded socket has the same two addresses',
      ],
    ]);
    expect(
      await packets(path, 'tcp.completeness', 'tcp.stream', 'tcp.completeness').then((all) => all.at(-1)?.[1]),
    ).toBe('31');
  });

  it('shows refused, unanswered and reset connections as such', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('a.wirebench');
    const script = new Script(log);
    script.socket(1, { role: 'outgoing', local: '127.0.0.1:40000', peer: '127.0.0.1:7' });
    const refused = { kind: 'failed', call: 'connect', errno: 'ECONNREFUSED', text: 'connection refused' } as const;
    script.event(1, { kind: 'connecting', peer: address('::1', 7), attempt: 1, of: 2 });
    script.event(1, { ...refused, address: address('::1', 7) });
    script.event(1, { kind: 'connecting', peer: address('127.0.0.1', 7), attempt: 2, of: 2 });
    script.event(1, {
      kind: 'opened',
      local: address('127.0.0.1', 40_000),
      peer: address('127.0.0.1', 7),
      elapsedMs: 2,
    });
    script.send(1, 'out', Buffer.from('hello'));
    script.event(1, { kind: 'failed', call: 'recv', errno: 'ECONNRESET', text: 'connection reset by peer' });
    script.event(1, closed('reset-by-peer'));
    script.socket(2, { role: 'outgoing', local: '', peer: '10.9.9.9:7' });
    script.event(2, { kind: 'connecting', peer: address('10.9.9.9', 7), attempt: 1, of: 1 });
    script.event(2, { kind: 'failed', call: 'connect', errno: 'ETIMEDOUT', text: 'timed out' });
    script.event(2, closed('timeout'));
    conversation(script, 3, address('127.0.0.1', 9), address('127.0.0.1', 9_999), []);
    script.socket(4, { local: '127.0.0.1:9', peer: '127.0.0.1:9998' });
    script.event(4, {
      kind: 'accepted',
      local: address('127.0.0.1', 9),
      peer: address('127.0.0.1', 9_998),
      listener: 9,
    });
    script.event(4, closed('reset-by-us'));
    const path = await exported(log, folder);
    const said = await complaints(path);
    expect(said.map((line) => line.replace(/^\d+: /, ''))).toEqual(Array(3).fill('Connection reset (RST)'));
    const shape = async (stream: number) =>
      (await packets(path, `tcp.stream == ${stream}`, 'tcp.flags.str')).map(([flags]) => flags?.replaceAll('·', ''));
    expect(await shape(0)).toEqual(['S', 'AR']);
    expect(await shape(1)).toEqual(['S', 'AS', 'A', 'AP', 'AR']);
    expect(await shape(2)).toEqual(['S']);
    expect(await shape(3)).toEqual(['S', 'AS', 'A', 'AF', 'A', 'AF', 'A']);
    expect(await shape(4)).toEqual(['S', 'AS', 'A', 'AR']);
    const comments = await packets(path, 'frame.comment', 'tcp.stream', 'frame.comment');
    expect(comments.map(([stream]) => stream)).toEqual(['0', '0', '1', '2', '3']);
    expect(comments[1]?.[1]).toContain('ECONNREFUSED');
    expect(comments[2]?.[1]).toContain('record 5, socket 1, failed: recv() failed: ECONNRESET');
    expect(comments[3]?.[1]).toContain('socket 2: the local address is not known and is written as 192.0.2.1:49154');
    expect(comments[4]?.[1]).toContain('ETIMEDOUT');
  });

  it('keeps notes and bookmarks as comments, also those of records that have no packet', async () => {
    await using folder = new SessionFolder();
    const path = folder.file('a.pcapng');
    const local = address('127.0.0.1', 9);
    const peer = address('127.0.0.1', 9_999);
    const rows = [
      rowOf(0, {
        socket: 1,
        event: { kind: 'listening', local, backlog: 5 },
        mark: { bookmarked: true, note: 'here' },
      }),
      rowOf(1, { event: { kind: 'accepted', local, peer, listener: 1 } }),
      rowOf(2, { length: 10, mark: { bookmarked: true, note: 'the “first”\nof\0two' }, flags: 1 }),
      rowOf(3, { event: { kind: 'ended' } }),
      rowOf(4, { socket: 1, event: closed('local'), mark: { bookmarked: false, note: 'the end' } }),
    ];
    capture(path, rows);
    expect(await complaints(path)).toEqual([]);
    const comments = await packets(path, 'frame.comment', 'tcp.flags.str', 'tcp.len', 'frame.comment');
    expect(comments.map(([, ...rest]) => rest)).toEqual([
      ['0', 'record 0, socket 1, listening: bookmarked\u001erecord 0, socket 1, listening: here'],
      ['10', 'truncated\u001ebookmarked\u001ethe “first”\\nof␀two'],
      ['0', 'record 4, socket 1, closed: the end'],
    ]);
  });

  it('says in a comment whether the checksum of a received message is right', async () => {
    await using folder = new SessionFolder();
    const path = folder.file('a.pcapng');
    const [local, peer] = [address('127.0.0.1', 9), address('127.0.0.1', 9_999)];
    const rows = [
      rowOf(0, { event: { kind: 'accepted', local, peer, listener: 1 } }),
      rowOf(1, { length: 4, checksum: 'ok' }),
      rowOf(2, { length: 4, checksum: 'bad', flags: 1 }),
      rowOf(3, { length: 4 }),
    ];
    capture(path, rows);
    const comments = await packets(path, 'tcp.len == 4', 'frame.comment');
    expect(comments).toEqual([['checksum ok'], ['truncated, checksum bad'], ['']]);
  });

  it('starts in the middle, without a handshake and without a gap, where a connection’s start is left out', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('a.wirebench');
    const lengths = Array.from({ length: 90 }, (_, at) => 10 + at);
    const stream = conversation(new Script(log), 1, address('127.0.0.1', 9), address('127.0.0.1', 9_999), lengths);
    const path = await exported(log, folder, { direction: 'in' });
    expect(await complaints(path)).toEqual([]);
    const [first, second] = await followed(path, 0);
    expect(first.equals(stream.in)).toBe(true);
    expect(second).toHaveLength(0);
    const [syn] = await packets(path, 'tcp.flags.syn == 1', 'frame.number');
    expect(syn).toBeUndefined();
  });

  it('continues at zero where a stream is longer than sequence numbers count', async () => {
    await using folder = new SessionFolder();
    const path = folder.file('a.pcapng');
    const length = 700_000;
    const start = 3 * 0x1_0000_0000 - 1_500_000;
    const rows = Array.from({ length: 5 }, (_, at) => rowOf(at, { length, offset: start + at * length }));
    const stream = capture(path, rows);
    expect(await complaints(path)).toEqual([]);
    const [first] = await followed(path, 0);
    expect(first.equals(stream)).toBe(true);
    const numbers = await packets(path, 'tcp.len > 0', 'tcp.seq_raw');
    expect(numbers[0]).toEqual([String((start % 0x1_0000_0000) + 1)]);
    expect(Number(numbers.at(-1)?.[0])).toBeLessThan(5 * length);
  });

  it('leaves an analysis nothing to complain of but resets, however connections go', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('a.wirebench');
    const script = new Script(log);
    const step = fc.constantFrom('in', 'out', 'in', 'out', 'ended', 'shutdown', 'paused') as fc.Arbitrary<Move>;
    const life = fc.record({
      start: fc.constantFrom('accepted', 'opened', 'refused', 'unanswered', 'none'),
      family: fc.constantFrom(4 as const, 6 as const),
      port: fc.integer({ min: 40_000, max: 40_010 }),
      moves: fc.array(fc.tuple(step, fc.constantFrom(0, 1, 2, 500, 70_000)), { maxLength: 40 }),
      cause: fc.constantFrom('local', 'peer', 'stopped', 'reset-by-us', 'reset-by-peer', 'failed', 'timeout'),
    }) as fc.Arbitrary<Life>;
    const lives = fc.sample(life, 120).map((one, index) => playLife(script, index + 1, one));
    // All at the same time: one step of each in turn.
    for (let left = lives; left.length > 0; ) left = left.filter((one) => !one.next().done);
    const path = await exported(log, folder);
    const said = await complaints(path);
    expect(said.filter((line) => !line.endsWith('Connection reset (RST)'))).toEqual([]);
    expect(said.length).toBeGreaterThan(5);
    expect(await packets(path, 'tcp.analysis.flags', 'frame.number')).toEqual([]);
    const { rows } = answerOf(await log.ask('window', { first: 0, count: 1_000 }));
    const streams = new Set((await packets(path, 'tcp', 'tcp.stream')).map(([stream]) => stream));
    expect(streams.size).toBeGreaterThan(60);
    expect(rows.length).toBeGreaterThan(120);
  });

  it('says of itself that it is synthetic', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('a.wirebench');
    conversation(new Script(log), 1, address('127.0.0.1', 9), address('127.0.0.1', 9_999), [1]);
    const path = await exported(log, folder);
    const about = execFileSync('capinfos', [path], { encoding: 'utf8' });
    expect(about).toContain('Wirebench test');
    expect(about).toContain('Synthetic');
    expect(await tshark(path, '-q')).toBe('');
  });
});
