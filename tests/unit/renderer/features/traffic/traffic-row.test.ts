import { expect, test } from 'vitest';
import { socketInfo } from '#support/recorded-session.ts';
import { peerOf } from '../../../../../src/renderer/features/traffic/traffic-row.tsx';

test('a socket of an endpoint is named by its peer, a listener by its own address', () => {
  expect(peerOf(socketInfo({ peer: '127.0.0.1:50001' }))).toBe(':50001');
  expect(peerOf(socketInfo({ role: 'listener', local: '127.0.0.1:12345', peer: '' }))).toBe(':12345');
});

test('a connection of a capture is named by both sides, the one that connected first', () => {
  const captured = { endpoint: '', name: '', local: '127.0.0.1:59364', peer: '127.0.0.1:12345' } as const;
  expect(peerOf(socketInfo({ ...captured, role: 'outgoing' }))).toBe(':59364 → :12345');
  expect(peerOf(socketInfo({ ...captured, role: 'accepted' }))).toBe(':12345 → :59364');
});
