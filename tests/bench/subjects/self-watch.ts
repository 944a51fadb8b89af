// What a server under measurement knows of its own thread and process.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { memoryUsage, threadCpuUsage } from 'node:process';

const resolutionMs = 1;
const delay = monitorEventLoopDelay({ resolution: resolutionMs });
delay.enable();
let before = threadCpuUsage();

let turnMs = 0;

/** From now on `watchSelf` says how long the thread computed at most between two ticks of a timer: the delay of its loop on idle cores. */
export function watchTurns(): void {
  let last = threadCpuUsage();
  setInterval(() => {
    const used = threadCpuUsage(last);
    last = threadCpuUsage();
    turnMs = Math.max(turnMs, (used.user + used.system) / 1_000);
  }, resolutionMs).unref();
}

/** Resident memory now; the loop's worst delay and the thread's computing since the last call. */
export function watchSelf(): { resident: number; delayMs: number; turnMs: number; cpuMs: number } {
  const used = threadCpuUsage(before);
  before = threadCpuUsage();
  // The histogram holds the time from one tick to the next, of which the resolution is no delay.
  const delayMs = Math.max(0, delay.max / 1e6 - resolutionMs);
  delay.reset();
  const worstMs = turnMs;
  turnMs = 0;
  return { resident: memoryUsage.rss(), delayMs, turnMs: worstMs, cpuMs: (used.user + used.system) / 1_000 };
}
