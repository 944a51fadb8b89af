import { expect, it } from 'vitest';
import { recordingNotices } from '#hosts/recording-notices.ts';
import type { WorkbenchEvent } from '#shared/contract/contract.ts';
import { fail } from '#shared/failure.ts';

it('a failed recording is said once, with what can be done, and that it goes on', () => {
  const said: string[] = [];
  const notice = recordingNotices((text) => said.push(text));
  const { error } = fail('file', 'Could not record the session', {
    system: 'write(): ENOSPC',
    hint: 'Make room.',
  });
  const sessions = (state: 'recording' | 'failed', path = '/a') =>
    notice({
      kind: 'sessions',
      changed: [{ id: 's1', state, path, ...(state === 'failed' && { error }) }],
      removed: [],
    } as unknown as WorkbenchEvent);
  sessions('recording');
  sessions('failed');
  sessions('failed');
  expect(said).toEqual([
    expect.stringMatching(/^Could not record the session(.|\n)*ENOSPC(.|\n)*retry or record to a different file/),
  ]);
  sessions('recording', '/b');
  expect(said.slice(1)).toEqual(['Recording continues in “/b”.']);
  sessions('failed');
  expect(said).toHaveLength(3);
});
