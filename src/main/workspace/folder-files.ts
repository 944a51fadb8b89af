import { hash } from 'node:crypto';
import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { descriptorHint } from '#files/descriptors.ts';
import { notRegularCode, notRegularHint, openError, readFlags, requireRegular } from '#files/regular-file.ts';
import { type Failure, fail, ok, type Result } from '#shared/failure.ts';
import { lookUpErrno, systemAnswer } from '#shared/socket/errno.ts';

/*
 * Access to the files of a folder that was cloned from somewhere: no link is followed, at any part of a path. Node has no openat(),
 * so the folder of a file is checked before and after it is opened. Only a program that exchanges folders at the same moment
 * could come between, and it needs the rights of this user.
 */

/** Content up to this size is compared as a whole (SHA-256); above it, by inode, size and times. Bytes. */
const maxHashedBytes = 262_144;
/** A time of a file that is not older than this may not show a later change: FAT counts in steps of 2 s. Milliseconds. */
const coarseMs = 2_500;

/** Identifies the content of a file: equal versions are the same bytes. Opaque. */
export type Version = string;

const linkCode = 'ERR_LINK_IN_PATH';
const noFollow = fs.constants.O_NOFOLLOW ?? 0;

/** What the system says of a file without reading it; with a `stamp` that changes when the file does. */
export interface FileState {
  readonly size: number;
  readonly stamp: string;
  /** True if a change after this moment may leave the stamp as it is. */
  readonly isFresh: boolean;
}

/** Returns the state of a file from its `stats`. */
export function stateOf(stats: fs.BigIntStats): FileState {
  const { ino, size, mtimeNs, ctimeNs } = stats;
  const changedMs = Number((mtimeNs > ctimeNs ? mtimeNs : ctimeNs) / 1_000_000n);
  return {
    size: Number(size),
    stamp: `${ino}-${size}-${mtimeNs}-${ctimeNs}`,
    isFresh: changedMs > Date.now() - coarseMs,
  };
}

/** Returns the version of a file of at most `maxHashedBytes` from its content, and of a longer one from its state. */
export function versionOf(bytes: Uint8Array, { stamp }: FileState): Version {
  return bytes.length > maxHashedBytes ? stamp : hash('sha256', bytes, 'base64url');
}

/** Returns the absolute path of `path` in `root`, a real path, and throws if a folder in between is missing or a link. */
export function locate(root: string, path: string): string {
  const full = join(root, path);
  requireOwnFolder(dirname(full));
  return full;
}

/** Throws unless `folder` is its real path, without a link in it. */
export function requireOwnFolder(folder: string): void {
  if (fs.realpathSync.native(folder) !== folder) {
    throw Object.assign(new Error('a part of the path is a symbolic link, or is spelled differently on the disk'), {
      code: linkCode,
    });
  }
}

/** Content and state of a file. */
interface FileContent {
  readonly bytes: Buffer;
  readonly state: FileState;
  readonly version: Version;
}

/**
 * Reads the regular file at `path` in `root`, at most `maxBytes`. Throws what `node:fs` throws, `EFBIG` for a longer file,
 * and errors for links and special files; `workspaceFailure` explains each.
 */
export function readInside(root: string, path: string, maxBytes: number): FileContent {
  return withFile(locate(root, path), (fd, state) => {
    if (state.size > maxBytes) {
      throw Object.assign(new Error(`it has ${state.size} bytes, and the maximum is ${maxBytes}`), { code: 'EFBIG' });
    }
    const bytes = readUpTo(fd, state.size);
    requireOwnFolder(dirname(join(root, path)));
    return { bytes, state, version: versionOf(bytes, state) };
  });
}

/**
 * Returns state and version of the file with the absolute path `full`; `undefined` without one. Reads no more than
 * the version needs. Throws like `readInside`.
 */
export function lookAt(full: string): { state: FileState; version: Version } | undefined {
  try {
    return withFile(full, (fd, state) => {
      const version = state.size > maxHashedBytes ? state.stamp : versionOf(readUpTo(fd, state.size), state);
      return { state, version };
    });
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Creates the folder `path` of `root` and its missing parents, with the permissions that the umask leaves. Returns its absolute path.
 * Throws what `node:fs` throws, and if a part is a link.
 */
export function makeFolderInside(root: string, path: string): string {
  let folder = root;
  for (const part of path.split('/').filter((it) => it !== '.' && it !== '')) {
    requireOwnFolder(folder);
    folder = join(folder, part);
    try {
      fs.mkdirSync(folder);
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
    }
  }
  requireOwnFolder(folder);
  if (!fs.lstatSync(folder).isDirectory()) {
    throw Object.assign(new Error('ENOTDIR'), { code: 'ENOTDIR', syscall: 'mkdir' });
  }
  return folder;
}

function withFile<T>(full: string, use: (fd: number, state: FileState) => T): T {
  let fd: number;
  try {
    fd = fs.openSync(full, readFlags | noFollow);
  } catch (error) {
    throw openError(error);
  }
  try {
    // Without O_NOFOLLOW, on Windows, open() has followed a link.
    if (noFollow === 0 && fs.lstatSync(full).isSymbolicLink()) {
      throw Object.assign(new Error('ELOOP'), { code: 'ELOOP', syscall: 'open' });
    }
    const stats = fs.fstatSync(fd, { bigint: true });
    requireRegular(stats);
    return use(fd, stateOf(stats));
  } finally {
    fs.closeSync(fd);
  }
}

/** Reads at most `size` bytes: a file that grows meanwhile does not fill the memory. */
function readUpTo(fd: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafe(size);
  let done = 0;
  while (done < size) {
    const read = fs.readSync(fd, bytes, done, size - done, done);
    if (read === 0) break;
    done += read;
  }
  return bytes.subarray(0, done);
}

/** Returns the code of an error that Node or this file threw, '' for another one. */
export function errnoOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

const hints: Readonly<Record<string, string>> = {
  EACCES: 'This user may not do that. Change the permissions of the file and its folders.',
  EPERM: 'Change the permissions of the file and its folders, or close the program that uses it.',
  EROFS: 'The file system is read-only. Use a copy of the workspace on another disk.',
  EEXIST: 'Use a different name.',
  ENOTEMPTY: 'Use a different name.',
  ENOSPC: 'Free some space on this disk.',
  EDQUOT: 'Your quota on this disk is used up. Free some space.',
  EFBIG: 'Use a smaller file.',
  ELOOP: 'Replace the link with a copy of the file: Wirebench does not follow links in a workspace.',
  ENAMETOOLONG: 'Use a shorter name.',
  EBUSY: 'Close the program that uses the file, and try again.',
  [linkCode]: 'Replace the link with a copy of the folder: Wirebench does not follow links in a workspace.',
  [notRegularCode]: notRegularHint,
};

/** Returns the failure for an error that the access to a file threw; throws `error` again if it is a bug. */
export function workspaceFailure(tried: string, error: unknown): Failure {
  const errno = errnoOf(error);
  if (!(error instanceof Error) || errno === '') throw error;
  const hint = errno === 'EMFILE' ? descriptorHint() : (hints[errno] ?? lookUpErrno(errno).hint);
  const call = 'syscall' in error ? String(error.syscall) : '';
  return fail('file', tried, { system: call === '' ? error.message : systemAnswer(call, errno), hint }).error;
}

/** Runs `act`; returns its result, or the failure of what it threw. Rejects for a bug. */
export async function attempt<T>(tried: string, act: () => T | Promise<T>): Promise<Result<T>> {
  try {
    return ok(await act());
  } catch (error) {
    return { ok: false, error: workspaceFailure(tried, error) };
  }
}
