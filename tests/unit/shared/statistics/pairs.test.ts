import { describe, expect, it } from 'vitest';
import { KeyPairs, OrderPairs } from '#shared/statistics/pairs.ts';
import { maxWaiting } from '#shared/statistics/statistics.ts';

describe('pairing while too many requests wait', () => {
  it('in order stays right: replies to requests that found no room are not timed, but not unexpected either', () => {
    const pairs = new OrderPairs();
    const sent = maxWaiting.socket + 3;
    for (let seq = 0; seq < sent; seq += 1) pairs.request(0, seq, seq);
    for (let seq = 0; seq < sent; seq += 1) {
      // A request in between waits behind those that found no room.
      if (seq === 10) pairs.request(0, sent, sent);
      pairs.reply(0, sent + 1 + seq, sent * 2 + seq);
    }
    const times = pairs.times();
    expect(times).toMatchObject({ requests: sent + 1, replies: sent, untimed: 4, unexpected: 0, unanswered: 1 });
    expect(times.times).toMatchObject({ count: maxWaiting.socket, min: sent * 2, max: sent * 2 });
  });

  it('keeps a bound over all sockets', () => {
    const pairs = new OrderPairs();
    const sockets = maxWaiting.all / maxWaiting.socket + 1;
    let seq = 0;
    for (let slot = 0; slot < sockets; slot += 1) {
      for (let count = 0; count < maxWaiting.socket; count += 1) pairs.request(slot, seq++, 0);
    }
    const times = pairs.times();
    expect(times.unanswered).toBe(seq);
    expect(times.untimed).toBe(maxWaiting.socket);
    expect(times.firstUnanswered).toEqual(Array.from({ length: 20 }, (_, at) => at));
  });

  it('by key does not time what found no room, and says how many', () => {
    const pairs = new KeyPairs();
    for (let seq = 0; seq <= maxWaiting.socket; seq += 1) pairs.request(0, seq, seq, String(seq));
    pairs.reply(0, maxWaiting.socket + 1, maxWaiting.socket + 1, '5');
    expect(pairs.times()).toMatchObject({ untimed: 1, unanswered: maxWaiting.socket, times: { count: 1 } });
  });
});
