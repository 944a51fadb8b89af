import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { fail, ok, type Result } from '#shared/failure.ts';

/** How a program ended: with a code, or by a signal. */
export interface ProgramEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A program that was started. */
export interface StartedProgram {
  readonly pid: number;
  readonly ended: Promise<ProgramEnd>;
}

interface TracedProgramOptions {
  readonly command: readonly [program: string, ...args: string[]];
  /** The folder of the channel. */
  readonly folder: string;
  /** The folder of the tracers: resources/trace. */
  readonly tracers: string;
  /** The process that reads the channel. Default: this one. */
  readonly reader?: number;
  /** Bytes of each payload that are reported. */
  readonly maxBytes: number;
}

/** Starts the program with the tracers for Python and Node.js in its environment. Fails where the system cannot start it. */
export async function startTracedProgram(options: TracedProgramOptions): Promise<Result<StartedProgram>> {
  const { command, folder, tracers, reader = process.pid, maxBytes } = options;
  const python = join(tracers, 'python');
  const { PYTHONPATH: path = '', NODE_OPTIONS: nodeOptions = '' } = process.env;
  // Node.js reads its options as words, in quotes where a path has blanks.
  const preload = `--require ${JSON.stringify(join(tracers, 'node', 'trace.cjs'))}`;
  return await startProgram(command, {
    ...process.env,
    PYTHONPATH: path === '' ? python : `${python}${delimiter}${path}`,
    NODE_OPTIONS: `${preload} ${nodeOptions}`.trim(),
    WIREBENCH_TRACE: folder,
    WIREBENCH_TRACE_READER: String(reader),
    WIREBENCH_TRACE_BYTES: String(maxBytes),
  });
}

/**
 * Starts a program. Its standard input, output and error, its working directory and its terminal are those of this process.
 * Resolves when it runs, with the promise of its end; fails where the system cannot start it.
 */
export async function startProgram(
  [program, ...args]: readonly [program: string, ...args: string[]],
  env: NodeJS.ProcessEnv,
): Promise<Result<StartedProgram>> {
  const child = spawn(program, args, { stdio: 'inherit', env });
  const started = Promise.withResolvers<Result<StartedProgram>>();
  const ended = Promise.withResolvers<ProgramEnd>();
  child.once('spawn', () => started.resolve(ok({ pid: child.pid ?? 0, ended: ended.promise })));
  child.once('exit', (code, signal) => ended.resolve({ code, signal }));
  child.once('error', (error) => {
    const hint = 'Check the name of the program, and that it may be run.';
    started.resolve(fail('file', `Could not start “${program}”`, { system: error.message, hint }));
  });
  return await started.promise;
}
