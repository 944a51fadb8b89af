import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type OptionList, optionCatalogue } from '#shared/endpoint/options/catalogue.ts';
import { type EndpointOption, flagGroups, type OptionFlag, type Role } from '#shared/endpoint/options/option.ts';
import { valueProblem } from '#shared/endpoint/options/value-schema.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { readBytes, readFraming } from './arguments.ts';
import { outputModes } from './output-mode.ts';
import type { TransportFlags } from './target.ts';

/*
 * The flags of `listen` and `send` that say what an endpoint is: those of the option catalogue. endpoint-config.ts makes the
 * configuration of them, command-line.ts says which go together.
 */

/** As commander gives them; what is not there was not given. */
export interface EndpointOptions extends TransportFlags {
  readonly framing?: FramingSpec | undefined;
  /** True, or the delay in milliseconds. */
  readonly reconnect?: true | number | undefined;
  readonly [flag: string]: unknown;
}

export function addTransportOptions(command: Command): void {
  command
    .optionsGroup('Transport (default TCP):')
    .addOption(new Option('--udp', 'UDP datagrams').conflicts(['tls', 'ws', 'unix']))
    .addOption(new Option('--tls', 'TLS over TCP; with --ws, WebSocket over TLS (wss)').conflicts(['udp', 'unix']))
    .addOption(new Option('--ws', 'WebSocket; the address may have a path: 8080/chat').conflicts(['udp', 'unix']))
    .addOption(
      new Option('--unix', 'local socket (Unix domain socket or named pipe); the address is its path').conflicts([
        'udp',
        'tls',
        'ws',
      ]),
    );
}

/** How what is received is printed. */
export function outputOption(): Option {
  return new Option('--output <how>', 'how to print received bytes (raw: unchanged)')
    .choices(outputModes)
    .conflicts('json');
}

/** A flag of the catalogue with its option. */
interface RoleFlag {
  readonly option: EndpointOption;
  readonly flag: OptionFlag;
}

/** Returns the flags of the catalogue that a role has, each once. */
export function flagsOf(role: Role, catalogue: OptionList = optionCatalogue): RoleFlag[] {
  return catalogue
    .filter(({ roles }) => roles.includes(role))
    .flatMap((option) => (option.flags ?? []).map((flag) => ({ option, flag })))
    .filter(({ flag }) => flag.roles?.includes(role) ?? true);
}

/** Adds the flags of the catalogue to a command, in their groups. A flag that the command already has is not added again. */
export function addEndpointOptions(command: Command, role: Role, catalogue: OptionList = optionCatalogue): void {
  const known = new Set(command.options.map((option) => option.attributeName()));
  const flags = flagsOf(role, catalogue).filter(({ flag }) => !known.has(attributeOf(flag)));
  for (const group of flagGroups) {
    command.optionsGroup(group);
    for (const { option, flag } of flags) {
      if (flag.group === group) command.addOption(commandOption(option, flag, role));
    }
  }
}

function commandOption(option: EndpointOption, flag: OptionFlag, role: Role): Option {
  const made = new Option(flag.spelling, typeof flag.help === 'string' ? flag.help : flag.help[role]);
  if (flag.conflicts) made.conflicts([...flag.conflicts]);
  if (flag.choices) return made.choices(flag.choices);
  if (!/[<[]/.test(flag.spelling) || flag.source === 'first-line') return made;
  return made.argParser((text, before: unknown) => {
    // An unset variable of a shell must not become the current folder.
    if (text === '' && flag.spelling.endsWith('<file>')) throw new InvalidArgumentError('Name a file.');
    return readArgument(option, text, before);
  });
}

/** Reads the argument of an option's flag. What is wrong is thrown as commander's error, which ends the program with code 2. */
function readArgument({ schema, label }: EndpointOption, text: string, before: unknown): unknown {
  switch (schema.type) {
    case 'framing':
      return readFraming(text);
    case 'whole': {
      const value = schema.unit === 'bytes' ? readBytes(text) : /^\d+$/.test(text) ? Number(text) : Number.NaN;
      return checked(value, valueProblem(schema, label, value));
    }
    case 'list': {
      const typed = schema.separator === 'words' ? text.split(',').map((item) => item.trim()) : [text];
      const items = typed.map((item) => schema.normalise?.(item) ?? item);
      return checked([...((before as string[] | undefined) ?? []), ...items], valueProblem(schema, label, items));
    }
    case 'text': {
      // Nor “any”.
      if (text === '') throw new InvalidArgumentError(`${label} must not be empty: leave the option out.`);
      const value = schema.file === true ? resolve(text) : schema.trim ? text.trim() : text;
      return checked(value, valueProblem(schema, label, value));
    }
    case 'choice':
      // A flag that declares no words takes the value as it is spelled in the configuration.
      return checked(text, valueProblem(schema, label, text));
    case 'behaviour':
    case 'flag':
      return text;
  }
}

function checked(value: unknown, problem: string | undefined): unknown {
  if (problem !== undefined) throw new InvalidArgumentError(`${problem}.`);
  return value;
}

/** Returns how commander names the value of a flag: `maxMessage` of `--max-message <bytes>`. */
export function attributeOf({ spelling }: OptionFlag): string {
  return new Option(spelling).attributeName();
}
