// What a server under measurement knows of its own thread and process.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { memoryUsage, threadCpuUsage } from 'node:process';

const resolutionMs = 1;
const delay = monitorEventLoopDelay({ resolution: resolutionMs });
delay.enable();
let before = threadCpuUsage();

/** Resident memory now; the loop's worst delay and the thread's computing since the last call. */
export function watchSelf(): { resident: number; delayMs: number; cpuMs: number } {
  const used = threadCpuUsage(before);
  before = threadCpuUsage();
  // The histogram holds the time from one tick to the next, of which the resolution is no delay.
  const delayMs = Math.max(0, delay.max / 1e6 - resolutionMs);
  delay.reset();
  return { resident: memoryUsage.rss(), delayMs, cpuMs: (used.user + used.system) / 1_000 };
}
