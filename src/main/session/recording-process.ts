import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { SessionHeader, SessionTotals } from '#shared/record/session-header.ts';

/** The process that writes a session file, as the file's header names it. */
interface RecordingProcess {
  readonly pid: number;
  /** The name of the machine it runs on. */
  readonly host: string;
}

/** How much later than the file its process may seem to have started: clocks are read to the second here. */
const clockSlackMs = 2_000;
/** Linux counts a process's start in these, whatever the kernel's own tick is (proc(5), USER_HZ). */
const ticksPerSecond = 100;

/** This process, for the header of a file that it records to. */
export function thisProcess(): RecordingProcess {
  return { pid: process.pid, host: hostname() };
}

/** The process that made the file with this header; `undefined` where the header names none. */
export function recorderOf(header: SessionHeader): RecordingProcess | undefined {
  const { pid, host } = header;
  return pid === undefined || host === undefined ? undefined : { pid, host };
}

/**
 * True where a file with this header, and `totals` where it has an end block, is still being recorded: it was not ended,
 * and the process that made it runs on this machine. A process of another machine is taken to be gone: nothing here
 * could tell.
 */
export function isBeingRecorded(header: SessionHeader, totals: SessionTotals | undefined): boolean {
  const recorder = recorderOf(header);
  if (totals !== undefined || recorder?.host !== hostname() || !isAlive(recorder.pid)) return false;
  // Numbers of processes are used again: one that started after the file was made is another one.
  const createdAt = Date.parse(header.createdAt);
  const startedAt = startOf(recorder.pid);
  return Number.isNaN(createdAt) || startedAt === undefined || startedAt <= createdAt + clockSlackMs;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** When process `pid` started, in milliseconds since the epoch; `undefined` where the system does not say. */
function startOf(pid: number): number | undefined {
  if (pid === process.pid) return Date.now() - process.uptime() * 1_000;
  try {
    // The name in parentheses may hold anything; the 20th field behind it is the start in ticks since the boot.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const ticks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
    const boot = Number(/^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'latin1'))?.[1]);
    const startedAt = boot * 1_000 + (ticks / ticksPerSecond) * 1_000;
    return Number.isNaN(startedAt) ? undefined : startedAt;
  } catch {
    return undefined;
  }
}
