/** Signals that come together are one wish: the terminal, `npm` and `npx` all hand Ctrl+C on to us. */
const togetherMs = 500;

/**
 * Calls `stop` once when somebody wants the job to end: Ctrl+C, `kill`, a closed terminal. A second Ctrl+C, for which
 * stopping takes too long, ends the process at once.
 */
export function onStopSignal(stop: () => void): void {
  let askedAt: number | undefined;
  const listener = () => {
    if (askedAt === undefined) {
      askedAt = performance.now();
      stop();
    } else if (performance.now() - askedAt > togetherMs) {
      process.exit(130);
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, listener);
}
