import { closeSync, unlinkSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { createPrivateFile } from '#files/private-files.ts';
import { encodeUtf8 } from '#shared/bytes/text.ts';
import type { Failure } from '#shared/failure.ts';
import { blockTypes, makeBlock } from '#shared/record/block.ts';
import type { SessionHeader } from '#shared/record/session-header.ts';
import { fileFailure } from './file-failure.ts';

/**
 * Creates the file at `path` with its header block. Never overwrites a file. Returns its length, or the failure, which
 * leaves no file.
 */
export function createSessionFile(path: string, header: SessionHeader): { readonly length: number } | Failure {
  const tried = `Could not make the session file “${path}”`;
  let fd: number;
  try {
    fd = createPrivateFile(path);
  } catch (error) {
    return fileFailure(tried, error);
  }
  try {
    const block = makeBlock(blockTypes.session, encodeUtf8(JSON.stringify(header)), 0, crc32);
    for (let done = 0; done < block.length; ) done += writeSync(fd, block, done, block.length - done, done);
    return { length: block.length };
  } catch (error) {
    unlinkSync(path);
    return fileFailure(tried, error);
  } finally {
    closeSync(fd);
  }
}
