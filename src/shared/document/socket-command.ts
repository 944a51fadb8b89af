import { encodeUtf8 } from '../bytes/text.ts';
import { createConfig, type EndpointConfig } from '../endpoint/endpoint-config.ts';
import { fail, ok, type Result } from '../failure.ts';
import { parseFraming } from '../framing/spec.ts';
import type { Transport } from '../socket/transports.ts';
import type { ImportedEntry } from './packet-sender.ts';
import { type ShellCommand, splitShellLine } from './shell-words.ts';

/*
 * Command lines of nc (OpenBSD and traditional), ncat and socat: `echo hello | nc 10.0.0.4 5000`. They are read, never run.
 */

const maxLine = 65_536;

/** Returns the endpoint and the payload of a command line. Fails with `bad-input` if it is not one that Wirebench reads. */
export function parseSocketCommand(line: string): Result<ImportedEntry> {
  const refuse = (system: string) => {
    const hint = 'Use a command such as: echo hello | nc 127.0.0.1 12345';
    return fail('bad-input', `Could not read the command “${line.slice(0, 80)}”`, { system, hint });
  };
  if (line.length > maxLine) return refuse(`it has more than ${maxLine} characters`);
  const commands = splitShellLine(line);
  if (commands === undefined) return refuse('a quote is not closed, or it needs a shell');
  const last = commands.at(-1);
  const [program = '', ...args] = last?.words ?? [];
  const name = program.replace(/^.*\//, '');
  const endpoint =
    name === 'socat' ? readSocat(args) : /^(?:nc|ncat|netcat)$/.test(name) ? readNetcat(args) : undefined;
  if (!last || endpoint === undefined) return refuse('its last program is not nc, ncat or socat with an address');
  if (commands.length > 2) return refuse('more than one program writes its input');
  const bytes = payloadOf(commands.length === 2 ? commands[0] : undefined, last);
  if (commands.length === 2 && !bytes) return refuse('its input is not written by echo or printf');
  const { host, port, path, transport } = endpoint;
  return ok({ name: transport === 'local' ? path.replace(/^.*\//, '') : `${host}-${port}`, bytes, endpoint });
}

/** The options of nc and ncat that have an argument. */
const withValue =
  /^-(?:[cegiIkKmMOPqsTVwWxXyZ]|p|-(?:wait|delay|idle-timeout|source|source-port|max-conns|proxy|ssl-.*))$/;
/** Of these, the letters that have none in one of the programs. */
const withoutValue = /^-[kKMcZ]$/;

interface Found {
  transport: Transport;
  isServer: boolean;
  isCrlf: boolean;
  port: string | undefined;
  readonly rest: string[];
}

function readNetcat(args: readonly string[]): EndpointConfig | undefined {
  const found: Found = { transport: 'tcp', isServer: false, isCrlf: false, port: undefined, rest: [] };
  const words = args.flatMap((word) =>
    /^-[a-zA-Z46]{2,}$/.test(word) ? [...word.slice(1)].map((one) => `-${one}`) : [word],
  );
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] as string;
    if (!word.startsWith('-') || word === '-') found.rest.push(word);
    else if (word === '-p' || word === '--source-port') {
      at += 1;
      found.port = words[at];
    } else if (withValue.test(word) && !withoutValue.test(word)) at += 1;
    else readFlag(word, found);
  }
  const { transport, isServer, isCrlf, port, rest } = found;
  if (transport === 'local') return configOf(transport, isServer, { path: rest[0] ?? '' }, isCrlf);
  // `nc -l 5000`, `nc -l 127.0.0.1 5000`, `nc -l -p 5000`.
  const [host, second] = rest.length === 1 && isServer && port === undefined ? ['127.0.0.1', rest[0]] : rest;
  return configOf(
    transport,
    isServer,
    { host: host ?? '127.0.0.1', port: second ?? (isServer ? port : undefined) },
    isCrlf,
  );
}

function readFlag(word: string, found: Found): void {
  if (word === '-u' || word === '--udp') found.transport = 'udp';
  else if (word === '-U' || word === '--unixsock') found.transport = 'local';
  else if (word === '--ssl') found.transport = 'tls';
  else if (word === '-l' || word === '--listen') found.isServer = true;
  else if (word === '-C' || word === '--crlf') found.isCrlf = true;
}

const socatTypes: readonly (readonly [RegExp, Transport, boolean])[] = [
  [/^tcp[46]?(?:-connect)?$/, 'tcp', false],
  [/^tcp[46]?-l(?:isten)?$/, 'tcp', true],
  [/^udp[46]?(?:-connect|-sendto|-datagram)?$/, 'udp', false],
  [/^udp[46]?-(?:l(?:isten)?|recv|recvfrom)$/, 'udp', true],
  [/^(?:openssl|ssl)(?:-connect)?$/, 'tls', false],
  [/^(?:openssl|ssl)-l(?:isten)?$/, 'tls', true],
  [/^unix(?:-connect|-client)?$/, 'local', false],
  [/^unix-l(?:isten)?$/, 'local', true],
];

function readSocat(args: readonly string[]): EndpointConfig | undefined {
  const addresses = args.filter((word) => !/^-(?!$|,)/.test(word));
  for (const address of addresses) {
    const [type = '', ...rest] = (address.split(',')[0] ?? '').split(':');
    const known = socatTypes.find(([pattern]) => pattern.test(type.toLowerCase()));
    if (!known) continue;
    const [, transport, isServer] = known;
    const inside = rest.join(':');
    if (transport === 'local') return configOf(transport, isServer, { path: inside }, false);
    const port = rest.at(-1);
    const bind = /,bind=([^,:]+)/.exec(address)?.[1];
    const host = isServer
      ? (bind ?? '127.0.0.1')
      : rest
          .slice(0, -1)
          .join(':')
          .replace(/^\[(.*)\]$/, '$1');
    return configOf(transport, isServer, { host, port }, /,crnl\b/.test(address));
  }
  return undefined;
}

function configOf(
  transport: Transport,
  isServer: boolean,
  { host = '', port = '', path = '' }: { host?: string | undefined; port?: string | undefined; path?: string },
  isCrlf: boolean,
): EndpointConfig | undefined {
  const number = /^\d{1,5}$/.test(port) ? Number(port) : -1;
  if (transport === 'local' ? path === '' : host === '' || number < (isServer ? 0 : 1) || number > 65_535)
    return undefined;
  const values = transport === 'local' ? { path } : { host, port: number };
  const framing = isCrlf && transport !== 'udp' ? { framing: parseFraming('line:crlf') } : {};
  return isServer
    ? createConfig('server', transport, { ...values, ...framing } as never)
    : createConfig('client', transport, { ...values, ...framing } as never);
}

/** Returns what the first program of a pipe, or a here-string, writes. */
function payloadOf(writer: ShellCommand | undefined, { hereString }: ShellCommand): Uint8Array | undefined {
  if (!writer) return hereString === undefined ? undefined : encodeUtf8(`${hereString}\n`);
  const [program = '', ...words] = writer.words;
  const name = program.replace(/^.*\//, '');
  if (name === 'printf') return words[0] === undefined ? undefined : bytesOf(words.length === 1 ? words[0] : undefined);
  if (name !== 'echo') return undefined;
  let hasEnd = true;
  let hasEscapes = false;
  while (/^-[neE]+$/.test(words[0] ?? '')) {
    const flags = words.shift() ?? '';
    if (flags.includes('n')) hasEnd = false;
    if (flags.includes('e')) hasEscapes = true;
  }
  const text = `${words.join(' ')}${hasEnd ? '\n' : ''}`;
  return hasEscapes ? bytesOf(text) : encodeUtf8(text);
}

const letters: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, a: 7, b: 8, f: 12, v: 11, e: 27, '\\': 92 };

/** Returns the bytes of a text with the escapes of echo -e and printf; `undefined` for none, and for a printf with conversions. */
function bytesOf(text: string | undefined): Uint8Array | undefined {
  if (text === undefined || /%[^%]/.test(text)) return undefined;
  const bytes: number[] = [];
  const parts = text.replaceAll('%%', '%').matchAll(/\\x([0-9a-f]{1,2})|\\0?([0-7]{1,3})|\\([nrtabfve\\])|[^\\]+|\\/gi);
  for (const [part, hex, octal, letter] of parts) {
    if (hex !== undefined) bytes.push(Number.parseInt(hex, 16));
    else if (octal !== undefined) bytes.push(Number.parseInt(octal, 8) & 0xff);
    else if (letter !== undefined) bytes.push(letters[letter.toLowerCase()] ?? 0);
    else for (const byte of encodeUtf8(part)) bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}
