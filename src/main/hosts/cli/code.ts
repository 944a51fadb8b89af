import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { readRegularFile } from '#files/regular-file.ts';
import { fileFailure } from '#session/format/failures.ts';
import { checksumUsage } from '#shared/bytes/checksums/spec.ts';
import { encodeUtf8 } from '#shared/bytes/text.ts';
import type { PayloadOrigin } from '#shared/code/program.ts';
import { type LanguageName, languageNames, maxLiteralBytes } from '#shared/code/program.ts';
import type { EndpointConfig } from '#shared/endpoint/endpoint-config.ts';
import type { Role } from '#shared/endpoint/options/option.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { formatFraming, framingUsage, parseFraming } from '#shared/framing/spec.ts';
import { readReplyFile } from '#workbench/samples.ts';
import { readHex, readVariable } from './arguments.ts';
import { checkConfig, clientConfig, serverConfig } from './endpoint-config.ts';
import {
  addEndpointOptions,
  addTransportOptions,
  attributeOf,
  type EndpointOptions,
  flagsOf,
  workspaceOption,
  wrapHelp,
} from './endpoint-options.ts';
import { resolveTarget } from './named-endpoint.ts';
import { exitCodes, note, Output, refuse, reportFailure } from './output.ts';
import { resourcesFolder } from './run.ts';

/** The options of `wirebench code`, as commander returns them. */
interface CodeOptions extends EndpointOptions {
  readonly lang: LanguageName;
  readonly server?: boolean | undefined;
  readonly data?: string | undefined;
  readonly hex?: Uint8Array | undefined;
  readonly payloadFile?: string | undefined;
  readonly payload?: string | undefined;
  readonly env?: string | undefined;
  readonly set?: readonly (readonly [name: string, value: string])[] | undefined;
  /** The checksum to append, as it is spelled. */
  readonly checksum?: string | undefined;
  readonly workspace?: string | undefined;
  /** The file to write. Default: the standard output. */
  readonly output?: string | undefined;
}

/** Runs `wirebench code`: writes a program that does what the endpoint does. Returns the exit code. */
async function generate(config: EndpointConfig, options: CodeOptions): Promise<number> {
  const checked = checkConfig(config);
  if (!checked.ok) return refuse(checked.error);
  const payload = await payloadOf(options, config);
  const replyFile = await replyFileOf(config);
  for (const read of [payload, replyFile]) {
    if (read.ok) continue;
    reportFailure(read.error);
    return exitCodes.failed;
  }
  const sent = payload.ok ? payload.value : {};
  const reply = replyFile.ok ? replyFile.value : undefined;
  // The languages are loaded for this command alone.
  const { generateCode } = await import('#shared/code/generate.ts');
  const generated = generateCode({
    config: { ...config, framing: sent.framing ?? config.framing },
    payload: sent.bytes,
    origin: sent.origin,
    replyFile: reply,
    language: options.lang,
    side: config.role,
  });
  if (!generated.ok) {
    reportFailure(generated.error);
    return exitCodes.failed;
  }
  const { text } = generated.value;
  if (options.output === undefined) {
    const output = new Output();
    output.write(`${text.replace(/\n$/, '')}\n`);
    const written = await output.finish();
    if (written.ok) return exitCodes.done;
    reportFailure(written.error);
    return exitCodes.failed;
  }
  const path = resolve(options.output);
  try {
    await writeFile(path, text);
  } catch (error) {
    reportFailure(fileFailure(`Could not write ${path}`, error));
    return exitCodes.failed;
  }
  note(`program written to ${path}`);
  return exitCodes.done;
}

/** The payload of a program. */
interface CodePayload {
  readonly bytes?: Uint8Array | undefined;
  readonly origin?: PayloadOrigin;
  /** The framing of its meta file, where no other is given. */
  readonly framing?: FramingSpec | undefined;
}

/** Returns the payload that the options name, with its checksum and without framing. A template is rendered once. */
async function payloadOf(options: CodeOptions, config: EndpointConfig): Promise<Result<CodePayload>> {
  const { payload, checksum } = options;
  if (payload !== undefined) return await namedPayload({ ...options, payload }, config);
  const given = await givenBytes(options);
  if (!given.ok) return given;
  const bytes = given.value;
  if (bytes === undefined || checksum === undefined) return ok({ bytes });
  const { withChecksum } = await import('./named-payload.ts');
  const checked = await withChecksum(bytes, checksum);
  return checked.ok ? ok({ bytes: checked.value, origin: { checksum } }) : checked;
}

/** Returns the bytes of the payload that is not in the workspace; `undefined` without one. */
async function givenBytes({ data, hex, payloadFile }: CodeOptions): Promise<Result<Uint8Array | undefined>> {
  if (data !== undefined) return ok(encodeUtf8(data));
  if (payloadFile === undefined) return ok(hex);
  try {
    return ok(await readRegularFile(payloadFile, maxLiteralBytes));
  } catch (error) {
    return { ok: false, error: fileFailure(`Could not read the payload ${payloadFile}`, error) };
  }
}

async function namedPayload(
  options: CodeOptions & { readonly payload: string },
  config: EndpointConfig,
): Promise<Result<CodePayload>> {
  const { readNamedPayload } = await import('./named-payload.ts');
  const read = await readNamedPayload(options);
  if (!read.ok) return read;
  const { document, isFixed, usesSecret, next } = read.value;
  const tried = `Could not put “${document.path}” into a program`;
  if (usesSecret) {
    const hint = 'Give a value that may be in the program, with --set.';
    return fail('unsupported', tried, { system: 'its template uses a secret of the environment', hint });
  }
  const bytes = next({ message: 1 });
  if (!bytes.ok) return bytes;
  const { framing } = document.meta;
  const origin = { template: !isFixed, checksum: options.checksum ?? document.meta.checksum?.spec };
  const isFramed = framing !== undefined && options.framing === undefined && config.transport !== 'udp';
  const own = isFramed ? parseFraming(framing) : undefined;
  const given = formatFraming(config.framing);
  if (own && config.framing.kind !== 'raw' && formatFraming(own) !== given) {
    const hint = `Select one of them with --framing.`;
    return fail('unsupported', tried, { system: `its framing is ${framing}, that of the endpoint is ${given}`, hint });
  }
  return ok({ bytes: bytes.value, origin, framing: own });
}

async function replyFileOf(config: EndpointConfig): Promise<Result<Uint8Array | undefined>> {
  if (config.role === 'client' || config.behaviour.kind !== 'reply-file') return ok(undefined);
  return await readReplyFile(resourcesFolder(), config.behaviour.path);
}

/** Returns the configuration that the address and the flags describe. Ends the program on a flag of the other role. */
async function configOf(command: Command, address: string, options: CodeOptions): Promise<Result<EndpointConfig>> {
  const role: Role = options.server ? 'server' : 'client';
  const own = new Set(flagsOf(role).map(({ flag }) => attributeOf(flag)));
  const other = flagsOf(role === 'server' ? 'client' : 'server').map(({ flag }) => attributeOf(flag));
  const wrong = other.find((flag) => !own.has(flag) && command.getOptionValueSource(flag) === 'cli');
  const spelling = command.options.find((option) => option.attributeName() === wrong)?.flags;
  if (spelling !== undefined)
    command.error(`error: option '${spelling}' is for a ${role === 'server' ? 'client' : 'server; add --server'}`);
  const target = await resolveTarget(command, address, role, options);
  if (!target.ok) return target;
  const ofEndpoint = { ...options, output: undefined };
  return role === 'server'
    ? await serverConfig(target.value, ofEndpoint)
    : await clientConfig(target.value, { ...ofEndpoint, frame: true, stdin: false });
}

const notes = `
Prints a complete program in the language, which connects or listens as \`send\` and \`listen\` do with the same options. The
program applies the framings raw, line, delim, fixed, len, netstring, slip, stx and cobs to what it sends and receives (in
bash not slip, stx and cobs). With any other framing, what it sends contains the framing, and it prints each read as it arrives. Options that a program does not have are refused.

Framings: ${wrapHelp(framingUsage)}

Examples:
  wirebench code 127.0.0.1:12345 --lang python --data 'Hello, server!'
  wirebench code 127.0.0.1:12345 --lang c --framing len:4be --payload-file order.json -o client.c
  wirebench code 12345 --server --lang go --framing line --echo -o server.go
  wirebench code 127.0.0.1:502 --lang python --hex 010300000002 --checksum crc-16/modbus:le
  wirebench code boiler --lang csharp --payload orders/new-order --env lab --set id=7
  wirebench code localhost:8443 --tls --ca ca.pem --lang node --data hello`;

/** Adds `wirebench code`. */
export function addCode(program: Command, done: (code: number) => void): void {
  const command = program
    .command('code')
    .description('generate a program that does what an endpoint does')
    .argument(
      '<[host:]port>',
      'address to connect to, or with --server to listen on; or the name of an endpoint of the workspace',
    )
    .addOption(new Option('--lang <language>', 'programming language').choices(languageNames).makeOptionMandatory())
    .option('--server', 'generate a server; without, a client')
    .addOption(new Option('--data <text>', 'send this text').conflicts(['payloadFile', 'hex', 'server']))
    .addOption(
      new Option('--hex <hex>', 'send these bytes, in hex').argParser(readHex).conflicts(['payloadFile', 'server']),
    )
    .addOption(
      new Option('--payload-file <file>', `send the content of this file, at most ${maxLiteralBytes} bytes`).conflicts(
        'server',
      ),
    )
    .addOption(
      new Option('--payload <name>', 'send this payload of the workspace').conflicts([
        ...['data', 'hex', 'payloadFile', 'server'],
      ]),
    )
    .option('--env <name>', 'environment with the variables of the template')
    .option('--set <name=value>', 'set a variable of the template; can be repeated', readVariable)
    .addOption(
      new Option(
        '--checksum <checksum>',
        `append this checksum: ${checksumUsage}; the program contains the result`,
      ).conflicts('server'),
    )
    .addOption(workspaceOption())
    .option('-o, --output <file>', 'file to write (default: the standard output)');
  addTransportOptions(command);
  addEndpointOptions(command, 'client');
  addEndpointOptions(command, 'server');
  command.addHelpText('after', notes).action(async (address: string, options: CodeOptions) => {
    for (const name of ['env', 'set'] as const) {
      if (options[name] === undefined || options.payload !== undefined) continue;
      command.error(`error: option '--${name}' needs option '--payload <name>'`);
    }
    const { data, hex, payloadFile, payload, checksum } = options;
    const hasPayload = [data, hex, payloadFile, payload].some((one) => one !== undefined);
    if (checksum !== undefined && !hasPayload)
      command.error("error: option '--checksum <checksum>' needs --data, --hex, --payload-file or --payload");
    const config = await configOf(command, address, options);
    if (config.ok) return done(await generate(config.value, options));
    reportFailure(config.error);
    done(exitCodes.failed);
  });
}
