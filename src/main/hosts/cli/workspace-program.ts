import { type Command, Option } from 'commander';
import { checksumUsage } from '#shared/bytes/checksums/spec.ts';
import { readChecksum, readVariable } from './arguments.ts';
import { workspaceOption } from './endpoint-options.ts';

/* The commands of the workspace: `payload` and `env`. What runs them is loaded when they run. */

const payloadNotes = `
NAME is the path of a payload in the folder “payloads”, with or without its ending. The workspace is that of --workspace,
else the nearest parent folder with wirebench.yaml, else the one of the app.

Examples:
  wirebench payload list --json | jq .name
  wirebench payload render orders/new-order --env lab --set id=7 --hex
  wirebench payload import order.json samples packets.ini
  wirebench payload import --command "echo hello | nc 127.0.0.1 12345"
  wirebench payload convert order.xml --to json > order.json
  wirebench payload convert orders/new-order --to yaml`;

/** Adds `wirebench payload`. */
export function addPayloadCommands(program: Command, done: (code: number) => void): void {
  const payload = program
    .command('payload')
    .description('list, show, render, import and convert payloads of the workspace')
    .addHelpText('after', payloadNotes);
  payload
    .command('list')
    .description('list the payloads')
    .option('--json', 'print one JSON object per line')
    .addOption(workspaceOption())
    .action(async (options) => done(await (await import('./payload-commands.ts')).listPayloads(options)));
  payload
    .command('show')
    .description('print the file of a payload, unchanged')
    .argument('<name>', 'name of the payload')
    .addOption(workspaceOption())
    .action(async (name: string, options) =>
      done(await (await import('./payload-commands.ts')).showPayload(name, options)),
    );
  payload
    .command('render')
    .description('print the bytes that a payload is sent as, without framing')
    .argument('<name>', 'name of the payload')
    .option('--env <name>', 'environment with the variables of the template')
    .option('--set <name=value>', 'set a variable of the template; can be repeated', readVariable)
    .option('--checksum <checksum>', `append this checksum: ${checksumUsage}, such as crc-16/modbus:le`, readChecksum)
    .option('--hex', 'print hex, 16 bytes per line')
    .addOption(workspaceOption())
    .action(async (name: string, options) =>
      done(await (await import('./payload-commands.ts')).renderPayload(name, options)),
    );
  payload
    .command('import')
    .description('copy files into the workspace; create payloads and endpoints from exports of other tools')
    .argument('[file...]', 'files and folders, packets of Packet Sender (packets.ini or JSON), scripts (.sh)')
    .option('--command <line>', 'command line of nc, ncat or socat; can be repeated', (line, before: string[] = []) => [
      ...before,
      line,
    ])
    .addOption(workspaceOption())
    .action(async (files: string[], options, command: Command) => {
      if (files.length === 0 && options.command === undefined)
        command.error("error: missing argument 'file', or option '--command <line>'");
      done(await (await import('./payload-import.ts')).importPayloads(files, options));
    });
  payload
    .command('convert')
    .description('convert a document between JSON, XML and YAML, print it, and report what is lost')
    .argument('<file>', 'file to convert, or name of a payload')
    .addOption(
      new Option('--to <format>', 'format of the result').choices(['json', 'xml', 'yaml']).makeOptionMandatory(),
    )
    .addOption(workspaceOption())
    .action(async (file: string, options) =>
      done(await (await import('./payload-commands.ts')).convertPayload(file, options)),
    );
}

const envNotes = `
NAME is the name of an environment: its path in the folder “environments”, with or without its ending. The values of
secrets are kept on this machine, outside of the workspace, and are never printed.

Examples:
  wirebench env show lab
  wirebench env set-secret lab password < password.txt`;

/** Adds `wirebench env`. */
export function addEnvCommands(program: Command, done: (code: number) => void): void {
  const env = program
    .command('env')
    .description('list and show the environments of the workspace, and set their secrets')
    .addHelpText('after', envNotes);
  env
    .command('list')
    .description('list the environments')
    .addOption(workspaceOption())
    .action(async (options) => done(await (await import('./env-commands.ts')).listEnvironments(options)));
  env
    .command('show')
    .description('print the variables of an environment, and which secrets have a value on this machine')
    .argument('<name>', 'name of the environment')
    .addOption(workspaceOption())
    .action(async (name: string, options) =>
      done(await (await import('./env-commands.ts')).showEnvironment(name, options)),
    );
  env
    .command('set-secret')
    .description('set a secret from the standard input, without its last line end')
    .argument('<env>', 'name of the environment')
    .argument('<name>', 'name of the secret')
    .addOption(workspaceOption())
    .action(async (environment: string, name: string, options) =>
      done(await (await import('./env-commands.ts')).setSecret(environment, name, options)),
    );
}
