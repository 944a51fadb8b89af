import { readFileSync } from 'node:fs';

/*
 * A peer decides how many connections a server accepts, and each takes a descriptor. The last ones of the process are not for
 * sockets: the session's threads, its file, exports and the user's files need them.
 */

/** The most descriptors that are kept from sockets. A thread of the session takes about six while it starts. */
const maxReserved = 24;
/** … and no more than this part of a low limit. */
const reservedPart = 8;

let known = readLimit();

/**
 * Returns how many files and sockets this process may have open (getrlimit(2), RLIMIT_NOFILE; Node raises the soft limit to the hard
 * one, which `ulimit -Hn` prints); `undefined` where the system does not say. Where no descriptor is left to ask, returns the last answer.
 */
export function descriptorLimit(): number | undefined {
  known = readLimit() ?? known;
  return known;
}

/**
 * Tells whether `fd`, of a socket that was just opened, is one of the last descriptors. The system gives the lowest that is free
 * (POSIX open(), accept()), so those below it are in use.
 */
export function isReservedDescriptor(fd: number): boolean {
  if (known === undefined || fd < firstReserved(known)) return false;
  // The limit may have been raised.
  const limit = descriptorLimit();
  return limit !== undefined && fd >= firstReserved(limit);
}

/** Tells whether `error`, which Node threw, says that this process has no descriptor left. */
export function isOutOfDescriptors(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EMFILE';
}

/** Says the limit, and what to do where no descriptor is left, as a hint. */
export function descriptorHint(): string {
  const limit = descriptorLimit();
  const about = limit === undefined ? '' : `This program may have ${limit} files and sockets open. `;
  const raised =
    limit === undefined
      ? ''
      : ` (“ulimit -n ${Math.max(1_024, limit * 4)}” in a new shell, or LimitNOFILE of its service)`;
  return `${about}Close connections or sessions and try again, or raise the limit${raised} and start it again.`;
}

function firstReserved(limit: number): number {
  return limit - Math.min(maxReserved, Math.floor(limit / reservedPart));
}

function readLimit(): number | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const limit = Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1'))?.[1]);
    return Number.isNaN(limit) ? undefined : limit;
  } catch {
    return undefined;
  }
}
