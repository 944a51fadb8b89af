import { describe, expect, test } from 'vitest';
import { pairingOf } from '#hosts/cli/log-stats.ts';
import { runCli } from '#support/cli.ts';
import { SessionFolder } from '#support/session.ts';
import { type Message, writeMessages } from '#support/session-messages.ts';

/** Two requests of a client, answered the other way round after 30 and 20 ms, and one that is not. */
const messages: readonly Message[] = [
  { socket: 4, direction: 'out', at: 0, bytes: Buffer.from('{"id":1}') },
  { socket: 4, direction: 'out', at: 5, bytes: Buffer.from('{"id":2}') },
  { socket: 4, direction: 'in', at: 25, bytes: Buffer.from('<r to="2"/>') },
  { socket: 4, direction: 'in', at: 30, bytes: Buffer.from('<r to="1"/>') },
  { socket: 4, direction: 'out', at: 40, bytes: Buffer.from('{"id":3}') },
];

describe('wirebench log stats', () => {
  test('prints flows, sizes, gaps and reply times for people', async () => {
    await using folder = new SessionFolder();
    writeMessages(folder.file('run.wirebench'), messages, [4]);
    const { code, stdout } = await runCli(['log', 'stats', folder.file('run.wirebench')]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^messages out {2}3, 24 B$/m);
    expect(stdout).toMatch(/^size in, bytes( +11){7}$/m);
    expect(stdout).toMatch(/^ +4 +out +3 +24 +8 +8 +5\.\d{3} +3[45]\.\d{3} +127\.0\.0\.1:4$/m);
    expect(stdout).toMatch(/^reply times, paired in order\nrequests +3\nreplies +2\npairs +2\nunanswered +1\n/m);
    expect(stdout).toMatch(/^ +25\.000 +#0 +#2$/m);
    expect(stdout).toMatch(/^first unanswered: #4$/m);
  });

  test('has no gap where a flow has one message', async () => {
    await using folder = new SessionFolder();
    writeMessages(folder.file('run.wirebench'), messages.slice(0, 1), [4]);
    const { stdout } = await runCli(['log', 'stats', folder.file('run.wirebench')]);
    expect(stdout).toMatch(/^ +4 +out +1 +8 +8 +8 +– +– +127\.0\.0\.1:4$/m);
  });

  test('prints one object, of what the filter lets through, with replies paired by their paths', async () => {
    await using folder = new SessionFolder();
    const file = folder.file('run.wirebench');
    writeMessages(file, messages, [4]);
    const pairing = 'json.id=xml.r.@to';
    const all = JSON.parse((await runCli(['log', 'stats', file, '--pairing', pairing, '--json'])).stdout);
    expect(all).toMatchObject({
      ...{ records: 5, messagesIn: 2, messagesOut: 3, sockets: 1, firstAt: '2027-01-15T08:00:00.000000Z' },
      pairing: { kind: 'path', request: 'json.id', reply: 'xml.r.@to' },
      replies: { requests: 3, replies: 2, unanswered: 1, firstUnanswered: [4] },
    });
    expect(all.replies.slowest).toEqual([
      { request: 0, reply: 3, ms: 30 },
      { request: 1, reply: 2, ms: 20 },
    ]);
    expect(all.flows[0]).toMatchObject({ socket: 4, direction: 'out', peer: '127.0.0.1:4', bytes: 24 });
    const some = JSON.parse((await runCli(['log', 'stats', file, '--filter', 'out', '--json'])).stdout);
    expect(some).toMatchObject({ filter: 'out', records: 3, messagesIn: 0 });
  });

  test('says in words what is no path', async () => {
    await using folder = new SessionFolder();
    writeMessages(folder.file('run.wirebench'), messages, [4]);
    const { code, stdout, stderr } = await runCli(['log', 'stats', folder.file('run.wirebench'), '--pairing', 'id']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Could not pair by “id”');
    expect(stderr).toContain('json.id');
  });

  test.each([
    ['order', { kind: 'order' }],
    ['json.id', { kind: 'path', request: 'json.id', reply: 'json.id' }],
    ['json.id = json.re', { kind: 'path', request: 'json.id', reply: 'json.re' }],
    ['json."a=b"=xml.r', { kind: 'path', request: 'json."a=b"', reply: 'xml.r' }],
    ['json."a\\"=b"', { kind: 'path', request: 'json."a\\"=b"', reply: 'json."a\\"=b"' }],
  ])('reads %s as a pairing', (text, pairing) => {
    expect(pairingOf(text)).toEqual(pairing);
  });
});
