import { type Command, Option } from 'commander';

const formats = ['jsonl', 'text'];

const notes = `
Examples:
  wirebench log show run.wirebench
  wirebench log export run.wirebench --format text -o run.txt
  wirebench log export run.wirebench | jq 'select(.direction == "in") | .text'
  wirebench log stats run.wirebench --json`;

/** `wirebench log show|export|stats`. */
export function addLogCommands(program: Command, done: (code: number) => void): void {
  const log = program
    .command('log')
    .description('read a recorded session: show, export, stats')
    .usage('show|export|stats <file> [options]')
    .addHelpText('after', notes);
  log
    .command('show')
    .description('print the records as a table')
    .argument('<file>', 'a .wirebench file')
    .option('--json', 'print one JSON object a line, as export does')
    .action(async (file: string, options: { json?: true }) => {
      const { exportLog } = await import('./log-export.ts');
      const { showLog } = await import('./log-show.ts');
      done(options.json ? await exportLog(file, { format: 'jsonl' }) : await showLog(file));
    });
  log
    .command('export')
    .description('write the records in another format')
    .argument('<file>', 'a .wirebench file')
    .addOption(
      new Option('--format <format>', 'jsonl: one JSON object a line; text: one line a record')
        .choices(formats)
        .default('jsonl'),
    )
    .option('-o, --output <file>', 'write to this file instead of the standard output')
    .addOption(new Option('--json', 'the same as --format jsonl').conflicts('format'))
    .addHelpText('after', notes)
    .action(async (file: string, options: { format: 'jsonl' | 'text'; output?: string }) => {
      const { exportLog } = await import('./log-export.ts');
      done(await exportLog(file, options));
    });
  log
    .command('stats')
    .description('count what a session holds')
    .argument('<file>', 'a .wirebench file')
    .option('--json', 'print one JSON object')
    .action(async (file: string, options: { json?: true }) => {
      const { logStats } = await import('./log-stats.ts');
      done(await logStats(file, options));
    });
}
