import type { Command } from 'commander';
import { framingUsage } from '#shared/framing/spec.ts';
import { readCount } from './arguments.ts';
import { checkedTarget } from './command-line.ts';
import { addEndpointOptions, addTransportOptions, outputOption } from './endpoint-options.ts';
import { wrapHelp } from './help-text.ts';
import { listen } from './listen.ts';
import type { ListenOptions } from './listen-config.ts';

const notes = `
Prints “listening on HOST:PORT” (UDP: “bound to HOST:PORT”), then one line per event and message. A line shows the first
4096 bytes of a message; --json and --record contain the whole message. With raw framing, the default for a pipe or a
file is --output raw: the received bytes, unchanged, with the lines on the error output. Runs until Ctrl+C, or until
--count or --once ends it after the replies are sent. The address can start with tcp://, tls://, udp://, ws://, wss://
or unix:.

Framings: ${wrapHelp(framingUsage)}

Examples:
  wirebench listen 12345                                      print the data that clients send
  wirebench listen 0.0.0.0:12345 --echo --framing line        an echo server that other machines can reach
  wirebench listen 0 --reply-file data.json --count 1         reply to one message with a file, then end
  wirebench listen '[::1]:0' --once --json                    one connection over IPv6, as JSON Lines
  wirebench listen 8443 --tls --echo                          TLS with a self-signed certificate for localhost
  wirebench listen 8443 --tls --cert my.pem --client-cert require --ca clients.pem
  wirebench listen 5353 --udp --join 224.0.0.251 --reuse-address
  wirebench listen ws://127.0.0.1:8080/chat --echo            a WebSocket server
  wirebench listen --unix /tmp/app.sock --framing len:4be     a local socket, length-prefixed messages`;

/** Adds `wirebench listen`. */
export function addListen(program: Command, done: (code: number) => void): void {
  const command = program
    .command('listen')
    .description('run a server and print its events and messages')
    .argument('<[host:]port>', 'address to listen on (default host: 127.0.0.1); port 0 selects a free port')
    .optionsGroup('End and output:')
    .option('--count <n>', 'end after N messages', readCount)
    .option('--once', 'end after the first connection has closed; over UDP, after the reply to the first datagram')
    .option('--record <file>', 'record the session to a new .wirebench file')
    .addOption(outputOption())
    .option('--json', 'print one JSON object per line')
    .option('-v, --verbose', 'report incomplete messages, and the checks made after a failure');
  addTransportOptions(command);
  addEndpointOptions(command, 'server');
  command.addHelpText('after', notes).action(async (address: string, options: ListenOptions) => {
    const target = checkedTarget(command, address, 'server', options);
    done(await listen(target, options));
  });
}
