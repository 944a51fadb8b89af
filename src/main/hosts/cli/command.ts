import { CommanderError } from 'commander';
import { exitWhenWritten, ignoreClosedReaders, printUnexpected } from '../terminal.ts';
import { exitCodes } from './output.ts';
import { createProgram, usageCode } from './program.ts';

/** Runs the command that the arguments name, `app` without arguments. Returns the exit code. */
async function run(args: readonly string[]): Promise<number> {
  let exitCode = 0;
  try {
    const [first = 'app'] = args;
    const program = createProgram((code) => {
      exitCode = code;
    }, first);
    await program.parseAsync(args.length === 0 ? ['app'] : args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    exitCode = usageCode(error);
  }
  return exitCode;
}

ignoreClosedReaders();
// The text of an unexpected error can contain bytes from a peer.
process.on('uncaughtException', (error) => {
  printUnexpected('wirebench failed unexpectedly', error);
  exitWhenWritten(exitCodes.failed);
});
// No top-level await: the build runs this file as a CommonJS script.
void run(process.argv.slice(2)).then(exitWhenWritten);
