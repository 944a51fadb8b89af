import { describe, expect, it } from 'vitest';
import { describeEvent } from '#shared/record/record.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import { socketInfo } from '#support/recorded-session.ts';

const info = socketInfo({ endpoint: '', name: '', local: '10.0.0.1:80', peer: '10.0.0.2:59364' });
const counts = { bytesIn: 1, bytesOut: 2 };
const counted = ' · 1 B in, 2 B out';

describe('what happened to a connection that was only observed', () => {
  it.each<[SocketEvent, string]>([
    [{ kind: 'shutdown' }, '10.0.0.1:80 sent FIN: 10.0.0.2:59364 can still send'],
    [{ kind: 'ended' }, '10.0.0.2:59364 sent FIN: 10.0.0.1:80 can still send'],
    [{ kind: 'closed', cause: 'local', ...counts }, `10.0.0.1:80 closed the connection${counted}`],
    [{ kind: 'closed', cause: 'peer', ...counts }, `10.0.0.2:59364 closed the connection${counted}`],
    [{ kind: 'closed', cause: 'reset-by-us', ...counts }, `10.0.0.1:80 reset the connection (RST)${counted}`],
    [{ kind: 'closed', cause: 'reset-by-peer', ...counts }, `10.0.0.2:59364 reset the connection (RST)${counted}`],
    [
      { kind: 'closed', cause: 'stopped', text: 'the capture ended', ...counts },
      `the capture ended while the connection was open${counted}`,
    ],
  ])('names the side that did it: %o', (event, words) => {
    expect(describeEvent(event, info)).toBe(words);
  });

  it('is no connection where it is UDP', () => {
    const event: SocketEvent = { kind: 'closed', cause: 'stopped', text: 'the capture ended', ...counts };
    expect(describeEvent(event, { ...info, transport: 'udp' })).toBe(`the capture ended${counted}`);
  });

  it('is ours where an endpoint had the socket', () => {
    expect(describeEvent({ kind: 'closed', cause: 'local', ...counts }, socketInfo())).toBe(`closed locally${counted}`);
  });
});
