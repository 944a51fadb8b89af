import { expect, test } from 'vitest';
import type { WorkbenchEvent } from '#shared/contract/contract.ts';
import { fail } from '#shared/failure.ts';
import { sharingEvents } from '../../../../src/renderer/bridge/transport.ts';

test('an event is taken from the engine once for all who listen, and not at all where nobody does', () => {
  const listeners = new Set<(event: WorkbenchEvent) => void>();
  const client = sharingEvents({
    call: async () => fail('unsupported', 'no calls here'),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  });
  const heard: string[] = [];
  const first = client.subscribe(({ kind }) => heard.push(`first ${kind}`));
  const second = client.subscribe(({ kind }) => heard.push(`second ${kind}`));
  expect(listeners.size).toBe(1);
  const tell = () => {
    for (const listener of listeners) listener({ kind: 'queries', changed: [] });
  };
  tell();
  first();
  tell();
  expect(heard).toEqual(['first queries', 'second queries', 'second queries']);
  second();
  expect(listeners.size).toBe(0);
  client.subscribe(({ kind }) => heard.push(`third ${kind}`));
  tell();
  expect(heard.at(-1)).toBe('third queries');
});
