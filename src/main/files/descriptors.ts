import { readFileSync } from 'node:fs';

/*
 * A peer decides how many connections a server accepts, and each uses a descriptor. The last descriptors of the process are
 * reserved for the session's threads and file, for exports and for the user's files; sockets do not get them.
 */

/** The maximum number of descriptors reserved. A thread of the session uses about six while it starts. */
const maxReserved = 24;
/** … and no more than this share of a low limit. */
const reservedPart = 8;

let known = readLimit();

/**
 * Returns how many files and sockets this process may have open (getrlimit(2), RLIMIT_NOFILE; Node raises the soft limit to the hard
 * one, which `ulimit -Hn` prints); `undefined` where the system does not say. Returns the last answer when no descriptor is left to ask with.
 */
export function descriptorLimit(): number | undefined {
  known = readLimit() ?? known;
  return known;
}

/**
 * Returns true when `fd`, of a socket that was just opened, is one of the reserved descriptors. The system assigns the lowest free one
 * (POSIX open(), accept()), so all descriptors below it are in use.
 */
export function isReservedDescriptor(fd: number): boolean {
  if (known === undefined || fd < firstReserved(known)) return false;
  // The limit may have been raised.
  const limit = descriptorLimit();
  return limit !== undefined && fd >= firstReserved(limit);
}

/** Returns true when `error`, thrown by Node, means that this process has no descriptor left. */
export function isOutOfDescriptors(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EMFILE';
}

/** Returns a hint for a process without free descriptors: the limit, and what to do. */
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
