import { Command, type CommanderError } from 'commander';
import { version } from '#workbench/version.ts';
import { printError, printLine } from '../terminal.ts';
import { readPort } from './arguments.ts';
import { addCheckPayload } from './check-payload-program.ts';
import { exitCodes } from './exit-codes.ts';
import { addListen } from './listen-program.ts';
import { addLogCommands } from './log-program.ts';
import { addSend } from './send-program.ts';

const examples = `
Examples:
  wirebench                                                   start the app, as npm start does
  wirebench listen 12345 --reply 'Message received!'          a server that answers every message
  wirebench send 127.0.0.1:12345 --data 'Hello, server!'      send a message, print the reply
  wirebench send [::1]:12345 --framing json --file data.json  send a JSON document over IPv6
  wirebench listen 8443 --tls --echo                          a TLS server
  wirebench send ws://127.0.0.1:8080/chat --data hello        a message over WebSocket
  wirebench listen 0 --echo --record run.wirebench --json     record, and print JSON lines
  wirebench log show run.wirebench --filter 'in && json.ok'   read what was recorded
  wirebench log export run.wirebench --format pcapng -o run.pcapng
  wirebench log import capture.pcapng -o capture.wirebench    make a session of a capture
  wirebench check-payload payloads                            check JSON and XML files

Exit codes: 0 done, 1 the job failed (refused, reset, expectation unmet), 2 wrong usage (of check-payload, also
a path that could not be read).`;

const commands = {
  app: addApp,
  listen: addListen,
  send: addSend,
  log: addLogCommands,
  'check-payload': addCheckPayload,
} as const;

/**
 * The command line. `done` gets the exit code of the command that ran; wrong usage is thrown as `CommanderError`. Where
 * `first`, the first argument, names a command, no other command is set up: each has some fifty options.
 */
export function createProgram(done: (code: number) => void, first?: string): Command {
  const program = new Command('wirebench')
    .description('A workbench for raw sockets: servers, clients, and a log of everything they exchange.')
    .usage('[command] [options]')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .showHelpAfterError('(add --help for how it is used)')
    .addHelpText('after', examples)
    // Arguments come from file names, too: nothing of them may act on the terminal.
    .configureOutput({
      writeErr: (text) => printError(withoutEnd(text)),
      writeOut: (text) => printLine(withoutEnd(text)),
    })
    .exitOverride();
  for (const [name, add] of Object.entries(commands)) {
    if (name === first || first === undefined || !Object.hasOwn(commands, first)) add(program, done);
  }
  return program;
}

/** The exit code of what commander threw: its own help and version are no errors. */
export function usageCode(error: CommanderError): number {
  return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
}

function withoutEnd(line: string): string {
  return line.replace(/\n$/, '');
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
