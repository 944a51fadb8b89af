import { CommanderError } from 'commander';
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

// A reader that has gone (`| head -1`) is no error here; `Output` tells the command, where it matters.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
// Not with an await out here: a build runs this as a script.
void run(process.argv.slice(2)).then((exitCode) => {
  // What was said is handed over before the process ends; nothing that is still open may keep it.
  process.stderr.write('', () => process.stdout.write('', () => process.exit(exitCode)));
});
