import { Command, type CommanderError, Option } from 'commander';
import { version } from '#workbench/workbench.ts';
import { printError, printLine } from '../terminal.ts';
import { readPort } from './arguments.ts';
import type { CheckPayloadOptions } from './check-payload.ts';
import { addCode } from './code.ts';
import { descriptionSentence } from './endpoint-options.ts';
import { addListen } from './listen.ts';
import { addLogCommands } from './log-program.ts';
import { exitCodes } from './output.ts';
import { addSend } from './send-program.ts';
import { addTrace } from './trace-program.ts';
import { addEnvCommands, addPayloadCommands } from './workspace-program.ts';

const examples = `
Examples:
  wirebench                                                   start the app, like npm start
  wirebench listen 12345 --reply 'Message received!'          a server that replies to every message
  wirebench send 127.0.0.1:12345 --data 'Hello, server!'      send a message and print the reply
  wirebench send [::1]:12345 --framing json --file data.json  send a JSON document over IPv6
  wirebench listen 8443 --tls --echo                          a TLS server
  wirebench send ws://127.0.0.1:8080/chat --data hello        send a WebSocket message
  wirebench listen 0 --echo --record run.wirebench --json     record a session and print JSON Lines
  wirebench log show run.wirebench --filter 'in && json.ok'   print recorded messages
  wirebench log export run.wirebench --format pcapng -o run.pcapng
  wirebench log import capture.pcapng -o capture.wirebench    create a session from a capture
  wirebench send boiler --payload orders/new-order --env lab  send a payload of the workspace to one of its endpoints
  wirebench payload list                                      list the payloads of the workspace
  wirebench code 127.0.0.1:12345 --lang python --data hello   generate a program
  wirebench check-payload payloads                            check JSON and XML files

Exit codes: 0 success; 1 failure (refused, reset, expectation unmet); 2 usage error (check-payload: also an unreadable
path).`;

const commands = {
  app: addApp,
  listen: addListen,
  send: addSend,
  log: addLogCommands,
  payload: addPayloadCommands,
  env: addEnvCommands,
  code: addCode,
  trace: addTrace,
  'check-payload': addCheckPayload,
} as const;

/**
 * Creates the command line. `done` receives the exit code of the command; usage errors throw `CommanderError`. If `first`,
 * the first argument, names a command, only that command is set up, because each has about fifty options.
 */
export function createProgram(done: (code: number) => void, first?: string): Command {
  const program = new Command('wirebench')
    .description('A workbench for raw sockets: run servers and clients, and record everything that they exchange.')
    .usage('[command] [options]')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print help for a command')
    .enablePositionalOptions()
    .showHelpAfterError('(use --help for usage)')
    .configureHelp({ commandDescription: (command) => descriptionSentence(command.description()) })
    .addHelpText('after', examples)
    // Arguments can be file names from elsewhere, which must not control the terminal.
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

/** Returns the exit code of an error that commander threw. `--help` and `--version` throw too, and are not errors. */
export function usageCode(error: CommanderError): number {
  return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
}

function withoutEnd(line: string): string {
  return line.replace(/\n$/, '');
}

function addApp(program: Command, done: (code: number) => void): void {
  program
    .command('app')
    .description('run the app in a browser')
    .option('--port <port>', 'port on 127.0.0.1; 0 selects a free port', readPort, 0)
    .option('--no-open', 'do not open a browser')
    .action(async (options: { port: number; open: boolean }) => {
      const { runBrowserHost } = await import('../browser/run.ts');
      done(await runBrowserHost(options));
    });
}

const notes = `
Prints one line PATH:LINE:COLUMN: REASON for each invalid document, and nothing if all documents are valid. Searches
folders recursively; skips symbolic links and names that start with a dot. With --format auto, the format depends on the
extension, or else on the first character; other files in a folder are skipped. With --format json or xml, every file
is checked.

JSON documents are also checked against a JSON Schema: --schema, or else the relative file that $schema in the document
names. Schemas are never downloaded.

Exit codes: 0 all documents are valid; 1 at least one is invalid; 2 usage error, unreadable path or unusable schema.

Examples:
  wirebench check-payload payloads
  wirebench check-payload --schema order.schema.json orders
  wirebench check-payload --format json request.txt --json | jq .problems`;

/** Adds `wirebench check-payload`. */
function addCheckPayload(program: Command, done: (code: number) => void): void {
  program
    .command('check-payload')
    .description('check JSON and XML files; print the first error of each')
    .argument('<path...>', 'files and folders to check')
    .addOption(new Option('--format <format>', 'format of the files').choices(['auto', 'json', 'xml']).default('auto'))
    .option('--schema <file>', 'JSON Schema of the JSON documents (draft 6, draft 7, 2019-09 or 2020-12)', true)
    .option('--no-schema', 'ignore $schema in the documents')
    .option('--json', 'print one JSON line per invalid document, with all its errors and warnings')
    .addHelpText('after', notes)
    .action(async (paths: string[], options: CheckPayloadOptions) => {
      const { checkPayloads } = await import('./check-payload.ts');
      done(await checkPayloads(paths, options));
    });
}
