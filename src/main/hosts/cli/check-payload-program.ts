import { type Command, Option } from 'commander';
import type { CheckPayloadOptions } from './check-payload.ts';

const notes = `
Prints one line PATH:LINE:COLUMN: REASON for each document that is wrong, and nothing where all are right. Folders are searched
recursively, without what begins with a dot and without symbolic links. --format auto goes by the extension, else by the first character,
and skips other files of a folder; --format json and xml check every file.

Exit codes: 0 all are right, 1 at least one is wrong, 2 wrong usage or a path that could not be read.

Examples:
  wirebench check-payload payloads
  wirebench check-payload --format json request.txt --json | jq .problems`;

/** Adds the command that checks JSON and XML files. */
export function addCheckPayload(program: Command, done: (code: number) => void): void {
  program
    .command('check-payload')
    .description('check JSON and XML files and folders: where each first goes wrong, and why')
    .argument('<path...>', 'files and folders')
    .addOption(new Option('--format <format>', 'what the files are').choices(['auto', 'json', 'xml']).default('auto'))
    .option('--json', 'a JSON line for each wrong document, with all its errors and warnings')
    .addHelpText('after', notes)
    .action(async (paths: string[], options: CheckPayloadOptions) => {
      const { checkPayloads } = await import('./check-payload.ts');
      done(await checkPayloads(paths, options));
    });
}
