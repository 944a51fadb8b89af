import { type Command, Option } from 'commander';
import { exportFormats, saveFormats } from '#shared/export/export-formats.ts';
import { readFraming, readRecords, readSockets } from './arguments.ts';
import type { ExportOptions, FramingsOptions, ReframeOptions } from './log-convert.ts';
import type { ScopeOptions } from './log-session.ts';

const filterNotes = `
A filter selects records: in, out, kind == closed, len > 100, peer contains "51422", text contains "error",
json.user.id == 42, xml.order.total > 10, time < 5s, &&, ||, !. A single word means text contains "word".
See docs/filters.md.`;

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

const statsNotes = `
Prints counts, bytes, rates, sizes, gaps and reply times. --pairing order pairs the replies of a connection with its
requests in order; --pairing PATH pairs messages that have the same value at a path such as json.id.
${filterNotes}

Examples:
  wirebench log stats run.wirebench
  wirebench log stats run.wirebench --pairing json.id=json.replyTo
  wirebench log stats run.wirebench --filter 'socket == 2' --json`;

const exportNotes = `
Formats:
${exportFormats.map(({ name, help }) => `  ${name.padEnd(10)} ${help}`).join('\n')}

Writes to the standard output, or with -o to a file, which is created only when the export is complete. --format raw
writes the bytes of one socket in one direction, or a tar archive with one file for each if there are several. --format
sqlite needs -o.
${filterNotes}

Examples:
  wirebench log export run.wirebench --format text -o run.txt
  wirebench log export run.wirebench | jq 'select(.direction == "in") | .text'
  wirebench log export run.wirebench --filter 'text contains "error"' --format html -o errors.html
  wirebench log export run.wirebench --format pcapng -o run.pcapng && wireshark run.pcapng
  wirebench log export run.wirebench --format sqlite -o run.db && sqlite3 run.db .schema`;

const importNotes = `
The type of the source is detected from its content. Each TCP connection becomes a socket, and each of its segments, in
stream order, a message; each UDP datagram becomes a message. Packets that cannot be imported (other protocols, damaged
packets) are counted and reported.

Examples:
  wirebench log import capture.pcapng -o capture.wirebench
  zcat capture.pcap.gz | wirebench log import - -o capture.wirebench
  wirebench log export run.wirebench | grep error | wirebench log import - -o errors.wirebench`;

const framingHelp = 'the new framing; see wirebench listen --help';

const reframeNotes = `
Applies another framing to the recorded streams, in a new session; the original file is not changed. The new session has
the same bytes, events and read times. UDP datagrams and WebSocket messages are copied unchanged.

Examples:
  wirebench log reframe run.wirebench --framing line -o lines.wirebench
  wirebench log reframe run.wirebench --framing json --socket 2 -o socket-2.wirebench`;

const framingsNotes = `
Prints, for each direction of a socket, the framings that best fit its first 64 KiB, best first, and the number of
messages that each yields. Examines the first 32 streams.

Examples:
  wirebench log framings run.wirebench
  wirebench log framings run.wirebench --socket 2 --json`;

const insightsNotes = `
Prints what is probably wrong in the recorded programs, with the numbers of the records that show it. No insight in a
session does not prove that its programs are correct. See docs/insights.md.

Examples:
  wirebench trace --record run.wirebench -- python3 server.py
  wirebench log insights run.wirebench
  wirebench log insights run.wirebench --json | jq '.insights[].id'`;

/** Adds `wirebench log show|stats|export|import|reframe|framings|insights`. */
export function addLogCommands(program: Command, done: (code: number) => void): void {
  const log = program
    .command('log')
    .description('read, export, import and re-frame recorded sessions')
    .usage('<command> <file> [options]')
    .addHelpText('after', notes);
  addShow(log, done);
  addStats(log, done);
  addExport(log, done);
  addImport(log, done);
  addReframe(log, done);
  addFramings(log, done);
  addInsights(log, done);
}

function addShow(log: Command, done: (code: number) => void): void {
  const show = log.command('show').description('print records as a table').argument('<file>', 'a .wirebench file');
  addScope(show)
    .addOption(new Option('--first <n>', 'print only the first N records').argParser(readRecords).conflicts('last'))
    .addOption(new Option('--last <n>', 'print only the last N records').argParser(readRecords))
    .addOption(new Option('--json', 'print JSON Lines, like log export').conflicts(['first', 'last']))
    .addHelpText('after', showNotes)
    .action(async (file: string, options: ScopeOptions & { json?: true; first?: number; last?: number }) => {
      await checkFilter(show, options.filter);
      if (options.json) {
        const { exportLog } = await import('./log-convert.ts');
        done(await exportLog(file, { ...options, format: 'jsonl' }));
      } else {
        const { showLog } = await import('./log-show.ts');
        done(await showLog(file, options));
      }
    });
}

function addStats(log: Command, done: (code: number) => void): void {
  const stats = log.command('stats').description('print statistics').argument('<file>', 'a .wirebench file');
  addScope(stats)
    .option(
      '--pairing <how>',
      'how to pair replies with requests: order, PATH, or REQUEST_PATH=REPLY_PATH (default: order)',
    )
    .option('--json', 'print one JSON object')
    .addHelpText('after', statsNotes)
    .action(async (file: string, options: ScopeOptions & { json?: true; pairing?: string }) => {
      await checkFilter(stats, options.filter);
      const { logStats } = await import('./log-stats.ts');
      const { filterOf } = await import('./log-session.ts');
      done(await logStats(file, { ...options, filter: filterOf(options) }));
    });
}

function addExport(log: Command, done: (code: number) => void): void {
  const command = log
    .command('export')
    .description('write records in another format')
    .argument('<file>', 'a .wirebench file');
  addScope(command)
    .addOption(new Option('--format <format>', 'output format').choices([...saveFormats]).default('jsonl'))
    .option('-o, --output <file>', 'write to this file instead of the standard output')
    .addOption(new Option('--json', 'same as --format jsonl').conflicts('format'))
    .addHelpText('after', exportNotes);
  const switches = exportFormats.flatMap(({ name: format, options = [] }) =>
    options.map(({ name, effect }) => ({ format, name, effect, flag: flagOf(name) })),
  );
  for (const { flag, format, effect } of switches) command.option(flag, `${format}: ${effect}`);
  command.action(async (file: string, options: ExportOptions) => {
    await checkFilter(command, options.filter);
    const other = switches.find(({ name, format }) => options[name] && options.format !== format);
    if (other) command.error(`error: option '${other.flag}' is for --format ${other.format} only`);
    const { exportLog } = await import('./log-convert.ts');
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
    .description('create a session from a capture (pcap or pcapng, may be gzipped) or from JSON Lines')
    .argument('<source>', 'file to read; - reads the standard input')
    .requiredOption('-o, --output <file>', 'session file to create; an existing file is not overwritten')
    .option('--name <name>', 'name of the session (default: the name of the source)')
    .option('--json', 'print the result as one JSON object')
    .addHelpText('after', importNotes)
    .action(async (source: string, options: { output: string; name?: string; json?: true }) => {
      const { importLog } = await import('./log-convert.ts');
      done(await importLog(source, options));
    });
}

function addReframe(log: Command, done: (code: number) => void): void {
  log
    .command('reframe')
    .description('re-frame a recorded session into a new one')
    .argument('<file>', 'a .wirebench file')
    .addOption(new Option('--framing <framing>', framingHelp).argParser(readFraming).makeOptionMandatory())
    .addOption(socketOption('re-frame only these sockets'))
    .requiredOption('-o, --output <file>', 'session file to create; an existing file is not overwritten')
    .option('--json', 'print the result as one JSON object')
    .addHelpText('after', reframeNotes)
    .action(async (file: string, options: ReframeOptions) => {
      const { reframeLog } = await import('./log-convert.ts');
      done(await reframeLog(file, options));
    });
}

function addFramings(log: Command, done: (code: number) => void): void {
  log
    .command('framings')
    .description('guess the framing of each recorded stream')
    .argument('<file>', 'a .wirebench file')
    .addOption(socketOption('examine only these sockets'))
    .option('--json', 'print one JSON object')
    .addHelpText('after', framingsNotes)
    .action(async (file: string, options: FramingsOptions) => {
      const { logFramings } = await import('./log-convert.ts');
      done(await logFramings(file, options));
    });
}

function addInsights(log: Command, done: (code: number) => void): void {
  log
    .command('insights')
    .description('list probable mistakes of the recorded programs')
    .argument('<file>', 'a .wirebench file')
    .option('--json', 'print one JSON object')
    .addHelpText('after', insightsNotes)
    .action(async (file: string, options: { json?: true }) => {
      const { logInsights } = await import('./log-insights.ts');
      done(await logInsights(file, options));
    });
}

/** Adds the options that select records. */
function addScope(command: Command): Command {
  return command
    .option('--filter <filter>', 'select records that match this filter')
    .addOption(socketOption('select records of these sockets'))
    .addOption(
      new Option('--direction <direction>', 'select messages that were received (in) or sent (out)').choices([
        'in',
        'out',
      ]),
    );
}

function socketOption(help: string): Option {
  return new Option('--socket <n>', `${help}: N or N,M; can be repeated`).argParser(readSockets);
}

/** Ends the program if `filter` is invalid. */
async function checkFilter(command: Command, filter: string | undefined): Promise<void> {
  if (filter === undefined) return;
  const { filterProblem } = await import('./log-session.ts');
  const problem = await filterProblem(filter);
  if (problem !== undefined) command.error(problem);
}
