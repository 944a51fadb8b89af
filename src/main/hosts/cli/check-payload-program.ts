import { type Command, Option } from 'commander';
import type { CheckPayloadOptions } from './check-payload.ts';

const notes = `
Prints one line PATH:LINE:COLUMN: REASON for each invalid document, and nothing if all documents are valid. Searches
folders recursively; skips symbolic links and names that start with a dot. With --format auto, the format depends on the
extension, or else on the first character; other files in a folder are skipped. With --format json or xml, every file
is checked.

Exit codes: 0 all documents are valid; 1 at least one is invalid; 2 usage error or unreadable path.

Examples:
  wirebench check-payload payloads
  wirebench check-payload --format json request.txt --json | jq .problems`;

/** Adds `wirebench check-payload`. */
export function addCheckPayload(program: Command, done: (code: number) => void): void {
  program
    .command('check-payload')
    .description('check JSON and XML files; print the first error of each')
    .argument('<path...>', 'files and folders to check')
    .addOption(new Option('--format <format>', 'format of the files').choices(['auto', 'json', 'xml']).default('auto'))
    .option('--json', 'print one JSON line per invalid document, with all its errors and warnings')
    .addHelpText('after', notes)
    .action(async (paths: string[], options: CheckPayloadOptions) => {
      const { checkPayloads } = await import('./check-payload.ts');
      done(await checkPayloads(paths, options));
    });
}
