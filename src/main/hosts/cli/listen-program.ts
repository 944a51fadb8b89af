import type { Command } from 'commander';
import { framingUsage } from '#shared/framing/spec.ts';
import { readCount } from './arguments.ts';
import { checkedTarget } from './command-line.ts';
import { addEndpointOptions, addTransportOptions, outputOption } from './endpoint-options.ts';
import { listen } from './listen.ts';
import type { ListenOptions } from './listen-config.ts';

const notes = `
The first line is “listening on HOST:PORT” (UDP: “bound to HOST:PORT”); then comes a line for each event and message. A
message is shown up to 4096 bytes; --json and --record have all of it. Under raw framing, a pipe or a file gets what is
received byte for byte (--output), and the lines go to the error output. Runs until Ctrl+C unless --count or --once ends
it; both end when the replies are sent. The address may begin with tcp://, tls://, udp://, ws://, wss:// or unix:.

Framings: ${framingUsage}

Examples:
  wirebench listen 12345                                      show what clients send
  wirebench listen 0.0.0.0:12345 --echo --framing line        an echo server that other machines can reach
  wirebench listen 0 --reply-file data.json --count 1         answer one message with a file, then end
  wirebench listen '[::1]:0' --once --json                    one connection over IPv6, as JSON lines
  wirebench listen 8443 --tls --echo                          TLS, with a certificate made for localhost
  wirebench listen 8443 --tls --cert my.pem --client-cert require --ca clients.pem
  wirebench listen 5353 --udp --join 224.0.0.251 --reuse-address
  wirebench listen ws://127.0.0.1:8080/chat --echo            a WebSocket server
  wirebench listen --unix /tmp/app.sock --framing len:4be     a local socket, messages with a length before them`;

/** `wirebench listen`. */
export function addListen(program: Command, done: (code: number) => void): void {
  const command = program
    .command('listen')
    .description('run a server and show what happens')
    .argument('<[host:]port>', 'where to listen; without a host 127.0.0.1, with port 0 a free one')
    .optionsGroup('Run and output:')
    .option('--count <n>', 'end after this many messages', readCount)
    .option('--once', 'end when the first connection has closed; over UDP, after the first datagram')
    .option('--record <file>', 'record the session to a new .wirebench file')
    .addOption(outputOption())
    .option('--json', 'print one JSON object a line')
    .option('-v, --verbose', 'say which messages stay incomplete, and what was looked at after a failure');
  addTransportOptions(command);
  addEndpointOptions(command, 'server');
  command.addHelpText('after', notes).action(async (address: string, options: ListenOptions) => {
    const target = checkedTarget(command, address, 'server', options);
    done(await listen(target, options));
  });
}
