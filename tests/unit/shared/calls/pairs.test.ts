import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pairSockets } from '#shared/calls/pairs.ts';
import type { SocketInfo } from '#shared/record/record.ts';

function socket(id: number, local: string, peer: string, more: Partial<SocketInfo> = {}): SocketInfo {
  const facts = {
    role: 'outgoing',
    transport: 'tcp',
    endpoint: 'e',
    name: 'e',
    framing: 'raw',
    secure: false,
  } as const;
  return { ...facts, id, local, peer, ...more } as SocketInfo;
}

describe('the two ends of one connection', () => {
  it('are joined whoever owns them', () => {
    const client = socket(2, '127.0.0.1:50000', '127.0.0.1:12345', { program: 'client.py (1)', endpoint: 'program-1' });
    const server = socket(3, '127.0.0.1:12345', '127.0.0.1:50000', { role: 'accepted' });
    const listener = socket(1, '127.0.0.1:12345', '', { role: 'listener' });
    expect([...pairSockets([listener, client, server])]).toEqual([
      [3, 2],
      [2, 3],
    ]);
  });

  it('are not joined over different transports, but TLS and WebSocket are TCP to a traced program', () => {
    const udp = socket(1, '127.0.0.1:1', '127.0.0.1:2', { transport: 'udp' });
    const wss = socket(2, '127.0.0.1:1', '127.0.0.1:2', { transport: 'wss' });
    const tcp = socket(3, '127.0.0.1:2', '127.0.0.1:1');
    expect(pairSockets([udp, tcp]).size).toBe(0);
    expect(pairSockets([udp, wss, tcp]).get(3)).toBe(2);
  });

  it('are joined where one of them sees IPv4 as IPv6', () => {
    const client = socket(1, '127.0.0.1:50000', '127.0.0.1:12345');
    const server = socket(2, '[::ffff:127.0.0.1]:12345', '[::ffff:127.0.0.1]:50000');
    expect(pairSockets([client, server]).get(1)).toBe(2);
  });

  it('never include a socket that is connected to itself', () => {
    expect(pairSockets([socket(1, 'a:1', 'a:1'), socket(2, 'a:1', 'a:1')]).size).toBe(0);
  });

  it('are those of the same connection when addresses are used again', () => {
    const first = socket(1, 'a:1', 'b:2');
    const [second, secondServer] = [socket(2, 'a:1', 'b:2'), socket(3, 'b:2', 'a:1')];
    const [third, thirdServer] = [socket(4, 'a:1', 'b:2'), socket(5, 'b:2', 'a:1')];
    const pairs = pairSockets([first, second, secondServer, third, thirdServer]);
    expect(pairs.get(1)).toBeUndefined();
    expect(pairs.get(2)).toBe(3);
    expect(pairs.get(4)).toBe(5);
  });

  it('mirror each other, are each the other’s, and do not depend on the order in which sockets are given', () => {
    const address = fc.constantFrom('a:1', 'a:2', 'b:1', '');
    const infos = fc
      .array(fc.tuple(address, address, fc.constantFrom('tcp' as const, 'udp' as const)), { maxLength: 30 })
      .map((all) => all.map(([local, peer, transport], index) => socket(index + 1, local, peer, { transport })));
    const shuffled = infos.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    fc.assert(
      fc.property(shuffled, ([all, mixed]) => {
        const pairs = pairSockets(all);
        expect(new Map(pairSockets(mixed))).toEqual(new Map(pairs));
        for (const [id, other] of pairs) {
          const [one, two] = [all[id - 1], all[other - 1]];
          expect(pairs.get(other)).toBe(id);
          expect([one?.local, one?.peer, one?.transport]).toEqual([two?.peer, two?.local, two?.transport]);
        }
        // No two sockets without another end could be joined, unless the same addresses came again between them.
        const free = all.filter(({ id, local, peer }) => !pairs.has(id) && local !== peer && local && peer);
        const isNewest = (info: SocketInfo) =>
          !all.some(
            (it) =>
              it.id > info.id && it.local === info.local && it.peer === info.peer && it.transport === info.transport,
          );
        for (const one of free.filter(isNewest))
          for (const two of free.filter(isNewest))
            expect(one.local === two.peer && one.peer === two.local && one.transport === two.transport).toBe(false);
      }),
    );
  });
});
