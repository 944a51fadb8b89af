import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { failedEvent, failureOf } from '#engine/failures.ts';
import { descriptorLimit, isReservedDescriptor } from '#files/descriptors.ts';
import { unreadableFile } from '#files/regular-file.ts';
import { fileFailure } from '#session/format/failures.ts';
import { workerEnd, workerFailure } from '#session/threads.ts';

const thrown = Object.assign(new Error('EMFILE: too many open files, open'), { code: 'EMFILE', syscall: 'open' });

const told = {
  'a file of a session': () => fileFailure('Could not save', thrown).hint,
  'a file that is read': () => unreadableFile('Could not read the reply file', thrown).hint,
  'a call of a socket': () => failureOf('Could not connect', { call: 'connect', errno: 'EMFILE' }).hint,
  'a connection that is not accepted': () => failedEvent({ call: 'accept', errno: 'EMFILE' }),
  'a thread': () => workerFailure('Could not read the session', workerEnd(thrown)).hint,
};

// Other systems do not say what the limit is.
describe.runIf(process.platform === 'linux')('where no descriptor is left', () => {
  const limit = Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1'))?.[1]);

  it.each(Object.keys(told))('the failure of %s says the limit and how to raise it', (what) => {
    const text = JSON.stringify(told[what as keyof typeof told]());
    expect(text).toContain(`may have ${limit} files and sockets open`);
    expect(text).toContain('ulimit -n');
  });

  it('the last descriptors below the limit are not for sockets', () => {
    expect(descriptorLimit()).toBe(limit);
    expect(isReservedDescriptor(limit - 1)).toBe(true);
    expect(isReservedDescriptor(Math.floor(limit / 2))).toBe(false);
    // What Windows has instead of one.
    expect(isReservedDescriptor(-1)).toBe(false);
  });
});
