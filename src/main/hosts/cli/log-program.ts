import { type Command, Option } from 'commander';
import { exportFormats, saveFormats } from '#shared/export/export-formats.ts';
import { framingUsage } from '#shared/framing/spec.ts';
import { readFraming, readRecords, readSockets } from './arguments.ts';
import type { ExportOptions } from './log-export.ts';
import type { FramingsOptions } from './log-framings.ts';
import type { ReframeOptions } from './log-reframe.ts';
import type { ScopeOptions } from './log-scope.ts';

const filterNotes = `
A filter chooses records: in, out, kind == closed, len > 100, peer contains "51422", text contains "error",
json.user.id == 42, xml.order.total > 10, time < 5s, &&, ||, !; a word alone is text contains. See docs/filters.md.`;

const notes = `
Examples:
  wirebench log show run.wirebench --filter 'in && text contains "error"'
  wirebench log stats run.wirebench --pairing json.id
  wirebench log export run.wirebench --format pcapng -o run.pcapng
  wirebench log export run.wirebench --socket 2 --direction in --format raw > received.bin
  wirebench log import capture.pcapng -o capture.wirebench
  wirebench log framings run.wirebench
  wirebench log reframe run.wirebench --framing line -o lines.wirebench`;

const showNotes = `${filterNotes}

Examples:
  wirebench log show run.wirebench
  wirebench log show run.wirebench --last 20 --socket 2
  wirebench log show run.wirebench --filter 'json.user.id == 42' --json | jq .text`;

const statsNotes = `${filterNotes}

Examples:
  wirebench log stats run.wirebench
  wirebench log stats run.wirebench --pairing json.id=json.replyTo
  wirebench log stats run.wirebench --filter 'socket == 2' --json`;

const exportNotes = `
Formats:
${exportFormats.map(({ name, help }) => `  ${name.padEnd(10)} ${help}`).join('\n')}

Without -o it is written to the standard output, as it is read; a file is there only when it is whole. --format raw
writes the bytes of one socket and direction as they were, else a tar archive of a file for each. sqlite needs -o.
${filterNotes}

Examples:
  wirebench log export run.wirebench --format text -o run.txt
  wirebench log export run.wirebench | jq 'select(.direction == "in") | .text'
  wirebench log export run.wirebench --filter 'text contains "error"' --format html -o errors.html
  wirebench log export run.wirebench --format pcapng -o run.pcapng && wireshark run.pcapng
  wirebench log export run.wirebench --format sqlite -o run.db && sqlite3 run.db .schema`;

const importNotes = `
What a file is, is told by its content. TCP is put in order: a connection becomes a socket, each of its segments a
message; a UDP datagram is one. What cannot be taken (other protocols, damaged packets) is counted and told.

Examples:
  wirebench log import capture.pcapng -o capture.wirebench
  zcat capture.pcap.gz | wirebench log import - -o capture.wirebench
  wirebench log export run.wirebench | grep error | wirebench log import - -o errors.wirebench`;

const framingHelp = `how messages are cut: ${framingUsage}`;

const reframeNotes = `
The streams of the sockets are cut into messages anew, in a session of their own; FILE stays as it is. Bytes, events and the
times of reads are kept. UDP and WebSocket carry messages, which stay as they were sent.

Examples:
  wirebench log reframe run.wirebench --framing line -o lines.wirebench
  wirebench log reframe run.wirebench --framing json --socket 2 -o socket-2.wirebench`;

const framingsNotes = `
For each direction of a socket, the framings that fit its first 64 KiB best, the best first, with how many messages each
gives. The first 32 streams are looked at.

Examples:
  wirebench log framings run.wirebench
  wirebench log framings run.wirebench --socket 2 --json`;

/** `wirebench log show|stats|export|import|reframe|framings`. */
export function addLogCommands(program: Command, done: (code: number) => void): void {
  const log = program
    .command('log')
    .description('work with recorded sessions: show, stats, export, import, reframe, framings')
    .usage('show|stats|export|import|reframe|framings <file> [options]')
    .addHelpText('after', notes);
  addShow(log, done);
  addStats(log, done);
  addExport(log, done);
  addImport(log, done);
  addReframe(log, done);
  addFramings(log, done);
}

function addShow(log: Command, done: (code: number) => void): void {
  const show = log.command('show').description('print the records as a table').argument('<file>', 'a .wirebench file');
  addScope(show)
    .addOption(new Option('--first <n>', 'at most the first N of them').argParser(readRecords).conflicts('last'))
    .addOption(new Option('--last <n>', 'only the last N of them').argParser(readRecords))
    .addOption(new Option('--json', 'print one JSON object a line, as export does').conflicts(['first', 'last']))
    .addHelpText('after', showNotes)
    .action(async (file: string, options: ScopeOptions & { json?: true; first?: number; last?: number }) => {
      await checkFilter(show, options.filter);
      if (options.json) {
        const { exportLog } = await import('./log-export.ts');
        done(await exportLog(file, { ...options, format: 'jsonl' }));
      } else {
        const { showLog } = await import('./log-show.ts');
        done(await showLog(file, options));
      }
    });
}

function addStats(log: Command, done: (code: number) => void): void {
  const stats = log.command('stats').description('count what a session holds').argument('<file>', 'a .wirebench file');
  addScope(stats)
    .option('--pairing <how>', 'how replies belong to requests: order, or a path in both, or REQUEST_PATH=REPLY_PATH')
    .option('--json', 'print one JSON object')
    .addHelpText('after', statsNotes)
    .action(async (file: string, options: ScopeOptions & { json?: true; pairing?: string }) => {
      await checkFilter(stats, options.filter);
      const { logStats } = await import('./log-stats.ts');
      const { filterOf } = await import('./log-scope.ts');
      done(await logStats(file, { ...options, filter: filterOf(options) }));
    });
}

function addExport(log: Command, done: (code: number) => void): void {
  const command = log
    .command('export')
    .description('write the records in another format')
    .argument('<file>', 'a .wirebench file');
  addScope(command)
    .addOption(new Option('--format <format>', 'what to write').choices([...saveFormats]).default('jsonl'))
    .option('-o, --output <file>', 'write to this file instead of the standard output')
    .addOption(new Option('--json', 'the same as --format jsonl').conflicts('format'))
    .addHelpText('after', exportNotes);
  const switches = exportFormats.flatMap(({ name: format, options = [] }) =>
    options.map(({ name, effect }) => ({ format, name, effect, flag: flagOf(name) })),
  );
  for (const { flag, format, effect } of switches) command.option(flag, `${format}: ${effect}`);
  command.action(async (file: string, options: ExportOptions) => {
    await checkFilter(command, options.filter);
    const other = switches.find(({ name, format }) => options[name] && options.format !== format);
    if (other) command.error(`error: ${other.flag} belongs to --format ${other.format}`);
    const { exportLog } = await import('./log-export.ts');
    done(await exportLog(file, options));
  });
}

/** The command line's spelling of an option's name. */
function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function addImport(log: Command, done: (code: number) => void): void {
  log
    .command('import')
    .description('make a session of a capture (pcap, pcapng, also with gzip) or of JSON lines')
    .argument('<source>', 'the file to read; - for the standard input')
    .requiredOption('-o, --output <file>', 'the .wirebench file to make; one that exists is not overwritten')
    .option('--name <name>', 'the name of the session; that of the source where it is left out')
    .option('--json', 'print what came in as one JSON object')
    .addHelpText('after', importNotes)
    .action(async (source: string, options: { output: string; name?: string; json?: true }) => {
      const { importLog } = await import('./log-import.ts');
      done(await importLog(source, options));
    });
}

function addReframe(log: Command, done: (code: number) => void): void {
  log
    .command('reframe')
    .description('make a session in which messages are cut by another framing')
    .argument('<file>', 'a .wirebench file')
    .addOption(new Option('--framing <framing>', framingHelp).argParser(readFraming).makeOptionMandatory())
    .addOption(new Option('--socket <n>', 'only these sockets: N or N,M, also several times').argParser(readSockets))
    .requiredOption('-o, --output <file>', 'the .wirebench file to make; one that exists is not overwritten')
    .option('--json', 'print what was made as one JSON object')
    .addHelpText('after', reframeNotes)
    .action(async (file: string, options: ReframeOptions) => {
      const { reframeLog } = await import('./log-reframe.ts');
      done(await reframeLog(file, options));
    });
}

function addFramings(log: Command, done: (code: number) => void): void {
  log
    .command('framings')
    .description('guess the framing of each recorded stream')
    .argument('<file>', 'a .wirebench file')
    .addOption(new Option('--socket <n>', 'only these sockets: N or N,M, also several times').argParser(readSockets))
    .option('--json', 'print one JSON object')
    .addHelpText('after', framingsNotes)
    .action(async (file: string, options: FramingsOptions) => {
      const { logFramings } = await import('./log-framings.ts');
      done(await logFramings(file, options));
    });
}

/** The options that say which records are meant. */
function addScope(command: Command): Command {
  return command
    .option('--filter <filter>', 'only the records that match')
    .addOption(new Option('--socket <n>', 'only these sockets: N or N,M, also several times').argParser(readSockets))
    .addOption(new Option('--direction <way>', 'only messages received (in) or sent (out)').choices(['in', 'out']));
}

/** Ends the program where `filter` is none. The parser is loaded only for this: it is a large part of the program. */
async function checkFilter(command: Command, filter: string | undefined): Promise<void> {
  if (filter === undefined) return;
  const { filterProblem } = await import('./filter-argument.ts');
  const problem = filterProblem(filter);
  if (problem !== undefined) command.error(problem);
}
