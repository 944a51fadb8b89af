const startedMs = performance.now();

/** Says on stderr how far the launch is, so that one that hangs says where. */
export function stage(text: string): void {
  process.stderr.write(`[stand-in] ${Math.round(performance.now() - startedMs)} ms: ${text}\n`);
}
