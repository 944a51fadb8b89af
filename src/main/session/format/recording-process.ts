import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { SessionHeader, SessionTotals } from '#shared/record/session-header.ts';

/** The process that writes a session file, as named in the file's header. */
interface RecordingProcess {
  readonly pid: number;
  /** The name of the machine it runs on. */
  readonly host: string;
}

/** How much later than the file its process may seem to have started: the clocks are compared to the second. */
const clockSlackMs = 2_000;
/** Linux counts a process's start in these units, independent of the kernel's tick (proc(5), USER_HZ). */
const ticksPerSecond = 100;

/** Returns this process, for the header of a file that it records to. */
export function thisProcess(): RecordingProcess {
  return { pid: process.pid, host: hostname() };
}

/** Returns the process that created the file with this header; `undefined` if the header does not name one. */
export function recorderOf(header: SessionHeader): RecordingProcess | undefined {
  const { pid, host } = header;
  return pid === undefined || host === undefined ? undefined : { pid, host };
}

/**
 * Returns true if a file with this header, and `totals` if it has an end block, is still being recorded: it was not closed,
 * and the process that created it runs on this machine. A process of another machine counts as ended, because that cannot
 * be determined here.
 */
export function isBeingRecorded(header: SessionHeader, totals: SessionTotals | undefined): boolean {
  const recorder = recorderOf(header);
  if (totals !== undefined || recorder?.host !== hostname() || !isAlive(recorder.pid)) return false;
  // Process ids are reused: a process that started after the file was created is a different one.
  const createdAt = Date.parse(header.createdAt);
  const startedAt = startOf(recorder.pid);
  return Number.isNaN(createdAt) || startedAt === undefined || startedAt <= createdAt + clockSlackMs;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it exists, but belongs to another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Returns when process `pid` started, in milliseconds since the epoch; `undefined` if the system does not say. */
function startOf(pid: number): number | undefined {
  if (pid === process.pid) return Date.now() - process.uptime() * 1_000;
  try {
    // The name in parentheses may contain anything; the 20th field after it is the start in ticks since boot.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const ticks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
    const boot = Number(/^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'latin1'))?.[1]);
    const startedAt = boot * 1_000 + (ticks / ticksPerSecond) * 1_000;
    return Number.isNaN(startedAt) ? undefined : startedAt;
  } catch {
    return undefined;
  }
}
