import { openFile } from '#files/regular-file.ts';
import type { Pace } from '#shared/contract/models.ts';
import {
  type ClientConfig,
  type ConfigOf,
  configProblem,
  configWith,
  type EndpointConfig,
  type ServerConfig,
} from '#shared/endpoint/endpoint-config.ts';
import type { OptionValues, Role } from '#shared/endpoint/options/option.ts';
import { missingSecrets } from '#shared/endpoint/secrets.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import { abilitiesOf, type Transport } from '#shared/socket/transports.ts';
import type { Target } from './arguments.ts';
import { attributeOf, type EndpointOptions, flagsOf } from './endpoint-options.ts';
import { maxPayloadBytes, openFileSource, type PayloadSource, unreadable } from './input.ts';
import type { OutputMode } from './printers.ts';

/**
 * Returns the configuration that the address and the flags describe; `values`, by path, are what the command sets where neither a flag
 * nor an endpoint of the workspace does, and `fixed` where no flag does. Fails where the file of a passphrase cannot be read.
 */
async function configOfFlags<Of extends Role>(
  role: Of,
  target: Target,
  options: EndpointOptions,
  values: OptionValues,
  fixed: OptionValues = {},
): Promise<Result<ConfigOf<Of, Transport>>> {
  const { transport, host, port, path, wsPath } = target;
  const set: Record<string, unknown> = { ...values, ...target.values, ...fixed, path, 'ws.path': wsPath };
  if (abilitiesOf(transport).host) Object.assign(set, { host, port });
  for (const { option, flag } of flagsOf(role)) {
    const given = Reflect.get(options, attributeOf(flag));
    if (given === undefined || !option.transports.includes(transport)) continue;
    const argument = flag.source === 'first-line' ? await readFirstLine(String(given)) : ok(given);
    if (!argument.ok) return argument;
    Object.assign(set, flag.sets?.(argument.value as never) ?? { [option.path]: argument.value });
  }
  return ok(configWith(role, transport, set));
}

/** Checks what the flags cannot check one by one. The failure is one of usage. */
export function checkConfig(config: EndpointConfig): Result<EndpointConfig> {
  const missing = missingSecrets(config);
  if (missing) return fail('bad-input', `${missing.message} on this machine: enter it in the window, or use --header`);
  const problem = configProblem(config);
  return problem ? fail('bad-input', problem.message) : ok(config);
}

/** Maximum length of the first line: a longer one suggests a wrong path. Bytes. */
const maxLineBytes = 65_536;

/**
 * Reads the first line of the file or pipe at `path` as UTF-8, without its line end. Does not read beyond that line. Fails if the file
 * cannot be read or the line is longer than 64 KiB.
 */
async function readFirstLine(path: string): Promise<Result<string>> {
  const opened = await openFileSource(path);
  if (!opened.ok) return opened;
  const { value } = opened;
  let read = Buffer.alloc(0);
  try {
    const stream = value.kind === 'file' ? (await openFile(value.file)).createReadStream() : value.stream;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      read = Buffer.concat([read, chunk]);
      const line = /^[^\r\n]*/.exec(read.toString())?.[0] ?? '';
      if (line.length < read.toString().length) return ok(line);
      if (read.length > maxLineBytes) return firstLineTooLong(path);
    }
  } catch (error) {
    return unreadable(path, error);
  }
  return ok(read.toString());
}

function firstLineTooLong(path: string): Result<never> {
  const system = `the first line is longer than ${maxLineBytes} bytes`;
  return fail('too-large', `Could not read ${path}`, { system, hint: 'Specify a text file.' });
}

/** The options of `wirebench listen`, as commander returns them. Options that were not given are missing. */
export interface ListenOptions extends EndpointOptions {
  /** The folder of the workspace. */
  readonly workspace?: string | undefined;
  /** Ends after this many messages. */
  readonly count?: number | undefined;
  /** Ends when the first connection has closed; over UDP, after the reply to the first datagram. */
  readonly once?: boolean | undefined;
  readonly record?: string | undefined;
  readonly json?: boolean | undefined;
  readonly output?: OutputMode | undefined;
  readonly verbose?: boolean | undefined;
}

/** Returns the configuration that the options describe. Fails if a file that they name cannot be read. */
export function serverConfig(target: Target, options: ListenOptions): Promise<Result<ServerConfig>> {
  return configOfFlags('server', target, options, { name: 'listen', behaviour: { kind: 'silent' } });
}

/** The options of `wirebench send`, as commander returns them. Options that were not given are missing. */
export interface SendOptions extends EndpointOptions, PayloadSource {
  /** False for `--no-frame`. */
  readonly frame: boolean;
  /** Maximum time without a reply, in milliseconds. */
  readonly wait?: number | undefined;
  /** Number of messages that must be received. */
  readonly expect?: number | undefined;
  readonly keepOpen?: boolean | undefined;
  /** True, or the payload of the ping. */
  readonly ping?: true | Uint8Array | undefined;
  readonly halfClose?: boolean | undefined;
  readonly reset?: boolean | undefined;
  readonly repeat?: number | undefined;
  readonly interval?: number | undefined;
  /** Bytes a second. */
  readonly rate?: number | undefined;
  readonly chunk?: number | undefined;
  readonly chunkDelay?: number | undefined;
  readonly split?: readonly number[] | undefined;
  readonly record?: string | undefined;
  readonly json?: boolean | undefined;
  readonly output?: OutputMode | undefined;
  readonly verbose?: boolean | undefined;
}

/** Returns the configuration that the options describe. Fails if a file that they name cannot be read. */
export function clientConfig(target: Target, options: SendOptions): Promise<Result<ClientConfig>> {
  const fixed = {
    // A peer that sends FIN first still receives the whole payload, and the RST of `--reset`. With `--reconnect`, a
    // connection ends when its peer ends it.
    halfOpen: options.reconnect === undefined,
    'reconnect.kind': 'off',
    // The largest payload fits into the queue, even if the framing escapes every byte.
    'limits.maxQueued': 2 * maxPayloadBytes + 1_048_576,
  };
  return configOfFlags('client', target, options, { name: 'send' }, fixed);
}

/** Returns the pace of sending; `undefined` without options for it. */
export function paceOf({ rate = 0, chunk = 0, chunkDelay = 0, split = [] }: SendOptions): Pace | undefined {
  if (rate === 0 && chunk === 0 && split.length === 0) return undefined;
  return { bytesPerSecond: rate, chunkBytes: chunk, delayMs: chunkDelay, splits: [...split] };
}
