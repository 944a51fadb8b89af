import { type Command, Option } from 'commander';
import { readCount } from './arguments.ts';
import type { TraceOptions } from './trace.ts';

const notes = `
Runs the program, unchanged, and prints each socket call that it makes: when it was made, in which line of the program, with
which arguments, and what the system answered. Calls that wait are shown while they wait. The program keeps its standard
input, output and error, its working directory, its signals and its exit code. Child processes are traced too.

Python (3.8 and newer) and Node.js (18 and newer) are traced without other tools, with the source lines. Programs in other
languages are traced on Linux, where strace is installed; --strace uses it for any program.

Examples:
  wirebench trace -- python3 server.py
  wirebench trace --json -o calls.jsonl -- python3 client.py 127.0.0.1 12345`;

/** Adds `wirebench trace`. */
export function addTrace(program: Command, done: (code: number) => void): void {
  program
    .command('trace')
    .description('run a program and print its socket calls')
    .argument('<program>', 'program to run')
    .argument('[args...]', 'its arguments')
    .option('--json', 'print one JSON object per call')
    .option('--record <file>', 'record the calls and messages to a new .wirebench file')
    .option('-o, --output <file>', 'file to write (default: the error output)')
    .option('--no-app', 'print the calls even if the app is running')
    .addOption(
      new Option('--bytes <number>', 'bytes of each payload that are reported').argParser(readCount).default(65_536),
    )
    .option('--strace', 'use strace, also for Python and Node.js (Linux)')
    .passThroughOptions()
    .addHelpText('after', notes)
    .action(async (name: string, args: string[], options: TraceOptions) => {
      const { trace } = await import('./trace.ts');
      done(await trace([name, ...args], options));
    });
}
