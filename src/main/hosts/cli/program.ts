import { Command, type CommanderError, Option } from 'commander';
import { version } from '#workbench/version.ts';
import {
  readBacklog,
  readCount,
  readFraming,
  readHex,
  readListenAddress,
  readMs,
  readPeerAddress,
  readPort,
} from './arguments.ts';
import { exitCodes } from './exit-codes.ts';
import { addLogCommands } from './log-program.ts';

const framingHelp = 'how the byte stream is cut into messages: raw (each read), line, line:crlf, delim:HEX, json';

const examples = `
Examples:
  wirebench                                                   start the app, as npm start does
  wirebench listen 12345 --reply 'Message received!'          a server that answers every message
  wirebench send 127.0.0.1:12345 --data 'Hello, server!'      send a message, print the reply
  wirebench send [::1]:12345 --framing json --file data.json  send a JSON document over IPv6
  wirebench listen 0 --echo --record run.wirebench --json     record, and print JSON lines
  wirebench log show run.wirebench --filter 'in && json.ok'   read what was recorded
  wirebench log export run.wirebench --format pcapng -o run.pcapng
  wirebench log import capture.pcapng -o capture.wirebench    make a session of a capture

Exit codes: 0 done, 1 the job failed (refused, reset, expectation unmet), 2 wrong usage.`;

const listenNotes = `
Prints “listening on HOST:PORT” before it accepts, then a line for each event and message. A message is shown up to
4096 bytes; --json and --record have all of it. Runs until Ctrl+C unless --count or --once ends it. --count ends when
the replies to those messages are sent.

Examples:
  wirebench listen 12345                                      show what clients send
  wirebench listen 0.0.0.0:12345 --echo --framing line        an echo server that other machines can reach
  wirebench listen 0 --reply-file data.json --count 1         answer one message with a file, then end
  wirebench listen '[::1]:0' --once --json                    one connection over IPv6, as JSON lines`;

const sendNotes = `
Waits for replies until the peer closes, --expect N messages came, or --wait passed without one. Prints each reply's
text, what is not UTF-8 as “hex: ff fe”. Under raw framing there are only reads: into a pipe they go as they came.

Examples:
  wirebench send 127.0.0.1:12345 --data 'Hello, server!'
  wirebench send localhost:12345 --framing line --data ping --expect 1
  wirebench send 127.0.0.1:12345 --hex '01 02 ff' --json
  echo hello | wirebench send 127.0.0.1:12345 -
  wirebench send 127.0.0.1:12345                              send nothing, print what the server says`;

/** The command line. `done` gets the exit code of the command that ran; wrong usage is thrown as `CommanderError`. */
export function createProgram(done: (code: number) => void): Command {
  const program = new Command('wirebench')
    .description('A workbench for raw sockets: servers, clients, and a log of everything they exchange.')
    .usage('[command] [options]')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .showHelpAfterError('(add --help for how it is used)')
    .addHelpText('after', examples)
    .exitOverride();
  addApp(program, done);
  addListen(program, done);
  addSend(program, done);
  addLogCommands(program, done);
  return program;
}

/** The exit code of what commander threw: its own help and version are no errors. */
export function usageCode(error: CommanderError): number {
  return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
}

function addApp(program: Command, done: (code: number) => void): void {
  program
    .command('app')
    .description('serve the app to a browser on this machine')
    .option('--port <port>', 'port on 127.0.0.1; 0 for a free one', readPort, 0)
    .option('--no-open', 'do not open a browser')
    .action(async (options: { port: number; open: boolean }) => {
      const { app } = await import('./app.ts');
      done(await app(options));
    });
}

function addListen(program: Command, done: (code: number) => void): void {
  program
    .command('listen')
    .description('run a server and show what happens')
    .argument('<[host:]port>', 'where to listen; without a host 127.0.0.1, with port 0 a free one', readListenAddress)
    .option('--backlog <n>', 'connections the system holds until they are accepted', readBacklog, 5)
    .addOption(framingOption())
    .addOption(new Option('--echo', 'send each message back').conflicts(['reply', 'replyFile']))
    .addOption(new Option('--reply <text>', 'answer each message with this text').conflicts(['echo', 'replyFile']))
    .addOption(new Option('--reply-file <file>', 'answer with what this file holds').conflicts(['echo', 'reply']))
    .option('--count <n>', 'end after this many messages', readCount)
    .option('--once', 'end when the first connection has closed')
    .option('--record <file>', 'record the session to a new .wirebench file')
    .option('--json', 'print one JSON object a line')
    .addHelpText('after', listenNotes)
    .action(async (address, options) => {
      const { listen } = await import('./listen.ts');
      done(await listen(address, options));
    });
}

function addSend(program: Command, done: (code: number) => void): void {
  program
    .command('send')
    .description('connect, send one message and print the replies')
    .argument('<host:port>', 'where to connect to', readPeerAddress)
    .argument('[-]', 'send what the standard input holds')
    .addOption(new Option('--data <text>', 'send this text').conflicts(['file', 'hex']))
    .addOption(new Option('--file <file>', 'send what this file holds').conflicts(['data', 'hex']))
    .addOption(new Option('--hex <hex>', 'send these bytes').argParser(readHex).conflicts(['data', 'file']))
    .addOption(framingOption())
    .option('--wait <ms>', 'how long to wait for a reply, after each anew', readMs, 1_000)
    .option('--expect <n>', 'end after this many messages; fewer are a failure', readCount)
    .option('--record <file>', 'record the session to a new .wirebench file')
    .option('--json', 'print one JSON object a line')
    .addHelpText('after', sendNotes)
    .action(async (address, source: string | undefined, options, command: Command) => {
      if (source !== undefined && source !== '-')
        command.error(`error: “${source}” is too much: only “-” may stand there`);
      const given = options.data !== undefined || options.file !== undefined || options.hex !== undefined;
      if (source === '-' && given) command.error('error: “-” cannot be used with --data, --file or --hex');
      const { send } = await import('./send.ts');
      done(await send(address, { ...options, stdin: source === '-' }));
    });
}

function framingOption(): Option {
  return new Option('--framing <framing>', framingHelp).argParser(readFraming).default({ kind: 'raw' }, 'raw');
}
