import { closeSync, openSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fileFailure } from '#session/format/failures.ts';

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('the failure of a file operation', () => {
  it('says what the system answered', () => {
    const error = thrownBy(() => openSync('/no/such/file', 'r'));
    expect(fileFailure('Could not read it', error)).toMatchObject({
      code: 'file',
      system: 'open(): ENOENT (no such file or directory)',
    });
  });

  it('blames the path where Node refuses it', () => {
    const error = thrownBy(() => closeSync(openSync('/tmp/\0', 'r')));
    expect(error).toBeInstanceOf(TypeError);
    expect(fileFailure('Could not read it', error).code).toBe('file');
  });

  it('does not blame the disk for a bug', () => {
    const error = thrownBy(() => (undefined as unknown as { write(): void }).write());
    expect(fileFailure('Could not save it', error)).toMatchObject({
      code: 'internal',
      message: 'Could not save it',
      hint: 'This is a bug in Wirebench.',
    });
  });
});
