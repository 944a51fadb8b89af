import { CommanderError } from 'commander';
import { stopRequested } from '../stop-signal.ts';
import { createProgram, usageCode } from './program.ts';

/** How long the readers of what was said last have where the process was asked to end. */
const lastWordsMs = 500;

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
  const exit = () => process.exit(exitCode);
  process.stderr.write('', () => process.stdout.write('', exit));
  // A reader that takes nothing does not hold a process that was asked to end.
  if (stopRequested()) setTimeout(exit, lastWordsMs);
});
