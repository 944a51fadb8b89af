import { CommanderError } from 'commander';
import { allowGoneReaders, exitWhenWritten, printUnexpected } from '../terminal.ts';
import { exitCodes } from './exit-codes.ts';
import { createProgram, usageCode } from './program.ts';

/** The command line: runs the command that the arguments name, `app` where there are none. Gives the exit code. */
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

allowGoneReaders();
// What nobody expected may have words of a peer in it, too.
process.on('uncaughtException', (error) => {
  printUnexpected('wirebench failed unexpectedly', error);
  exitWhenWritten(exitCodes.failed);
});
// Not with an await out here: a build runs this as a script.
void run(process.argv.slice(2)).then(exitWhenWritten);
