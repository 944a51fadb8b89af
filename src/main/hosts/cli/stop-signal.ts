/** Calls `stop` once when somebody wants the job to end (Ctrl+C, `kill`, a closed terminal); a second Ctrl+C ends it at once. */
export function onStopSignal(stop: () => void): void {
  let asked = false;
  const listener = () => {
    if (asked) process.exit(130);
    asked = true;
    stop();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, listener);
}
