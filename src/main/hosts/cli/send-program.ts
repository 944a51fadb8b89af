import { type Command, Option } from 'commander';
import { checksumUsage } from '#shared/bytes/checksums/spec.ts';
import { framingUsage } from '#shared/framing/spec.ts';
import {
  readBytes,
  readChecksum,
  readCount,
  readHex,
  readMs,
  readPing,
  readRepeat,
  readSplits,
  readVariable,
} from './arguments.ts';
import type { SendOptions } from './endpoint-config.ts';
import {
  addEndpointOptions,
  addTransportOptions,
  outputOption,
  workspaceOption,
  wrapHelp,
} from './endpoint-options.ts';
import { resolveTarget } from './named-endpoint.ts';
import { exitCodes, reportFailure } from './output.ts';
import { send } from './send.ts';

const notes = `
Waits for replies until the peer closes the connection, --expect N messages are received, or no reply arrives within
the --wait time. Prints each reply on one line; bytes that are not UTF-8 are printed as “hex: ff fe”. With raw framing,
the default for a pipe or a file is --output raw: the received bytes, unchanged. The address can start with tcp://,
tls://, udp://, ws://, wss:// or unix:.

Instead of an address, use the name of an endpoint of the workspace: its path in the folder “endpoints”, with or without
its ending. Its file sets the transport, the address and the options; an option that is given replaces that of the file.

Framings: ${wrapHelp(framingUsage)}

Examples:
  wirebench send 127.0.0.1:12345 --data 'Hello, server!'
  wirebench send localhost:12345 --framing line --data ping --expect 1
  wirebench send 127.0.0.1:12345 --hex '01 02 ff' --json
  echo hello | wirebench send 127.0.0.1:12345 -
  tail -f app.log | wirebench send 127.0.0.1:12345 -
  wirebench send 127.0.0.1:5000 --udp --stdin lines < commands.txt
  wirebench send 127.0.0.1:12345                              send nothing, print the data that the server sends
  wirebench send 127.0.0.1:12345 --file big.iso --half-close --rate 1M
  wirebench send 127.0.0.1:12345 --data tick --framing line --repeat forever --interval 1000
  wirebench send example.org:443 --tls --alpn http/1.1 --framing http --file request.txt
  wirebench send 239.1.2.3:5000 --udp --data 'anybody?' --multicast-ttl 4 --unconnected
  wirebench send ws://127.0.0.1:8080/chat --data '{"hello":1}' --expect 1
  wirebench send wss://localhost:8443/ --trust AB:CD:… --keep-open
  wirebench send --unix /tmp/app.sock --framing len:4be --data ping
  wirebench send boiler --payload orders/new-order --env lab --set id=7
  wirebench send boiler --payload status --repeat 10 --interval 1000
  wirebench send boiler --list warm-up --rows orders.csv --env lab
  wirebench send 127.0.0.1:502 --hex 010300000002 --checksum crc-16/modbus:le`;

/** Adds `wirebench send`. */
export function addSend(program: Command, done: (code: number) => void): void {
  const command = program
    .command('send')
    .description('connect, send messages and print the replies')
    .argument('<host:port>', 'address to connect to, or the name of an endpoint of the workspace')
    .argument('[-]', 'send the standard input as it arrives');
  addMessageOptions(command);
  addEndOptions(command);
  addTransportOptions(command);
  addEndpointOptions(command, 'client');
  command
    .optionsGroup('Messages:')
    .option('--no-frame', 'send the bytes unchanged, without adding framing')
    .optionsGroup('WebSocket:')
    .option('--ping [text]', 'send a ping with this payload before the message and report the pong', readPing);
  command
    .addHelpText('after', notes)
    .action(async (address: string, source: string | undefined, options: SendOptions & { stdin?: 'lines' }) => {
      checkSources(command, source, options);
      const target = await resolveTarget(command, address, 'client', options);
      if (target.ok) {
        done(await send(target.value, { ...options, stdin: options.stdin ?? source === '-' }));
        return;
      }
      reportFailure(target.error, options.verbose);
      done(exitCodes.failed);
    });
}

/** Checks which payload options go together. Ends the program on a conflict. */
function checkSources(command: Command, source: string | undefined, options: SendOptions & { stdin?: 'lines' }): void {
  const { data, hex, file, payload, list, rows, checksum, repeat, stdin } = options;
  if (source !== undefined && source !== '-')
    command.error(`error: unexpected argument “${source}”: only “-”, the standard input, can follow the address`);
  const given = [data, file, hex, payload].some((one) => one !== undefined);
  if (source === '-' && (given || list !== undefined))
    command.error('error: “-” cannot be used with --data, --file, --hex, --payload or --list');
  if (rows !== undefined && list === undefined)
    command.error("error: option '--rows <file>' needs option '--list <name>'");
  if (repeat !== undefined && source !== '-' && !given)
    command.error("error: option '--repeat <n>' needs a payload: --data, --file, --hex, --payload or “-”");
  const isBytes = [data, hex, payload].some((one) => one !== undefined);
  if (checksum !== undefined && (!isBytes || stdin !== undefined))
    command.error("error: option '--checksum <checksum>' needs --data, --hex or --payload");
  for (const [name, spelling] of [
    ['env', '--env <name>'],
    ['set', '--set <name=value>'],
  ] as const) {
    if (options[name] !== undefined && payload === undefined && list === undefined)
      command.error(`error: option '${spelling}' needs option '--payload <name>' or '--list <name>'`);
  }
}

function addMessageOptions(command: Command): void {
  command
    .optionsGroup('Payload:')
    .addOption(new Option('--data <text>', 'send this text').conflicts(['file', 'hex']))
    .addOption(
      new Option('--file <file>', 'send this file, which can have any size; a pipe is sent as it arrives').conflicts([
        'data',
        'hex',
      ]),
    )
    .addOption(
      new Option(
        '--hex <hex>',
        'send these bytes, in hex (0102ff, 01:02:ff, \\x01\\x02) or as an array in C ({0x1, 0x2}, {1, 2})',
      )
        .argParser(readHex)
        .conflicts(['data', 'file']),
    )
    .addOption(
      new Option('--stdin <how>', 'send the standard input: each line is one message, as soon as it arrives')
        .choices(['lines'])
        .conflicts(['data', 'file', 'hex', 'payload', 'repeat', 'reconnect']),
    )
    .addOption(new Option('--payload <name>', 'send this payload of the workspace').conflicts(['data', 'file', 'hex']))
    .addOption(
      new Option('--list <name>', 'run this send list of the workspace').conflicts([
        ...['data', 'file', 'hex', 'stdin', 'payload', 'checksum', 'repeat', 'interval'],
        ...['rate', 'chunk', 'split', 'chunkDelay', 'frame'],
      ]),
    )
    .option('--rows <file>', 'CSV or JSON Lines file: run the list once per row, with its columns as variables')
    .option('--env <name>', 'environment with the variables of the template')
    .option('--set <name=value>', 'set a variable of the template; can be repeated', readVariable)
    .option('--checksum <checksum>', `append this checksum: ${checksumUsage}, such as crc-16/modbus:le`, readChecksum)
    .addOption(workspaceOption())
    .option('--repeat <n>', 'number of times to send the payload on one connection, or “forever”', readRepeat)
    .option('--interval <ms>', 'time between the starts of two repetitions', readMs)
    .option('--rate <bytes>', 'rate limit in bytes/s, such as 500, 64k or 1.5M', readBytes)
    .option('--chunk <bytes>', 'send in chunks of this size', readBytes)
    .option('--split <offsets>', 'split the message at these byte offsets, such as 1,4', readSplits)
    .option('--chunk-delay <ms>', 'delay between two chunks', readMs);
}

function addEndOptions(command: Command): void {
  command
    .optionsGroup('End and output:')
    .option('--wait <ms>', 'end after this time without a reply (default: 1000)', readMs)
    .option('--expect <n>', 'end after N messages; fail if fewer are received', readCount)
    .addOption(
      new Option('--keep-open', 'stay connected until the peer closes the connection, or Ctrl+C').conflicts('wait'),
    )
    .addOption(new Option('--half-close', 'send FIN after the last message and wait for the peer’s FIN'))
    .addOption(new Option('--reset', 'close with RST instead of FIN').conflicts(['halfClose', 'reconnect']))
    .option('--record <file>', 'record the session to a new .wirebench file')
    .addOption(outputOption())
    .option('--json', 'print one JSON object per line')
    .option('-v, --verbose', 'report all events and incomplete messages, and the checks made after a failure');
}
