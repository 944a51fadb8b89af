import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { datagramsWere, Notices } from '#engine/drivers/udp/udp-problems.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const words = (count: number, bytes: number) => `${datagramsWere(count, bytes)} dropped`;

function recording(): { notices: Notices; told: string[] } {
  const told: string[] = [];
  return { notices: new Notices((limit, text) => told.push(`${limit}: ${text}`)), told };
}

test('the first is told at once, the others together a second later', () => {
  const { notices, told } = recording();
  for (let index = 0; index < 1_000; index += 1) notices.add('paused', '', 10, words);
  expect(told).toEqual(['paused: 1 datagram (10 B) was dropped']);
  vi.advanceTimersByTime(999);
  expect(told).toHaveLength(1);
  vi.advanceTimersByTime(1);
  expect(told).toEqual(['paused: 1 datagram (10 B) was dropped', 'paused: 999 datagrams (9\u202f990 B) were dropped']);
});

test('a flood is told at most once a second, and a quiet second ends the wait', () => {
  const { notices, told } = recording();
  for (let tick = 0; tick < 50; tick += 1) {
    notices.add('paused', '', 1, words);
    vi.advanceTimersByTime(100);
  }
  expect(told.length).toBeLessThanOrEqual(6);
  vi.advanceTimersByTime(2_000);
  expect(told.reduce((sum, text) => sum + Number.parseInt(text.slice('paused: '.length), 10), 0)).toBe(50);
  const before = told.length;
  notices.add('paused', '', 1, words);
  expect(told).toHaveLength(before + 1);
});

test('kinds are told apart', () => {
  const { notices, told } = recording();
  notices.add('send', 'EPERM', 1, words);
  notices.add('send', 'ENETUNREACH', 1, words);
  expect(told).toHaveLength(2);
});

test('flushing tells what waits, leaves no timer, and tells nothing twice', () => {
  const { notices, told } = recording();
  for (let index = 0; index < 3; index += 1) notices.add('paused', '', 5, words);
  notices.flush();
  notices.flush();
  expect(told).toEqual(['paused: 1 datagram (5 B) was dropped', 'paused: 2 datagrams (10 B) were dropped']);
  expect(vi.getTimerCount()).toBe(0);
});
