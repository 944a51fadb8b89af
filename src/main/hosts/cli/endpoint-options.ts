import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { EndpointConfig } from '#shared/endpoint/endpoint-config.ts';
import { type OptionList, optionCatalogue } from '#shared/endpoint/options/catalogue.ts';
import { type EndpointOption, flagGroups, type OptionFlag, type Role } from '#shared/endpoint/options/option.ts';
import { valueProblem } from '#shared/endpoint/options/value-schema.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { abilitiesOf, type Transport, transports } from '#shared/socket/transports.ts';
import { readBytes, readFraming, readTarget, type Target, type TransportFlags } from './arguments.ts';
import { outputModes } from './printers.ts';

/*
 * The flags of `listen` and `send` that say what an endpoint is: those of the option catalogue. endpoint-config.ts makes the
 * configuration of them, `checkedTarget` says which go together.
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

/** The folder of the workspace that a command uses. */
export function workspaceOption(): Option {
  return new Option(
    '--workspace <folder>',
    'workspace to use (default: the nearest parent folder with wirebench.yaml, or that of the app)',
  ).argParser((text) => {
    // An unset variable of a shell must not become the current folder.
    if (text === '') throw new InvalidArgumentError('Name a folder.');
    return text;
  });
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

/** Reads the address of `listen` or `send` and checks the options against its transport. Ends the program on a conflict. */
export function checkedTarget(
  command: Command,
  text: string,
  role: EndpointConfig['role'],
  options: EndpointOptions,
): Target {
  const target = readTarget(text, role, options);
  if (!target.ok) return command.error(`error: “${text}”: ${target.error.message}`);
  checkedCombination(command, role, target.value.transport);
  return target.value;
}

/** Checks which options of a command go together over `transport`. Ends the program on a conflict. */
export function checkedCombination(command: Command, role: Role, transport: Transport): void {
  const problem = combinationProblem(command, role, transport);
  if (problem !== undefined) command.error(`error: ${problem}`);
}

const names: Readonly<Record<Transport, string>> = {
  tcp: 'TCP',
  tls: 'TLS',
  udp: 'UDP',
  local: 'local sockets',
  ws: 'WebSocket',
  wss: 'WebSocket',
};

const withAbility = (ability: keyof ReturnType<typeof abilitiesOf>, wanted = true) =>
  transports.filter((transport) => abilitiesOf(transport)[ability] === wanted);

/** The transports of the flags that do not set an option of an endpoint, by the name that commander gives them. */
const otherFlags: Readonly<Record<string, readonly Transport[]>> = {
  frame: withAbility('messageOriented', false),
  chunk: withAbility('messageOriented', false),
  split: withAbility('messageOriented', false),
  rate: withAbility('messageOriented', false),
  halfClose: withAbility('halfClose'),
  reset: withAbility('reset'),
  ping: ['ws', 'wss'],
};

/** Flags that mean nothing without one of some others. */
const otherNeeds: readonly { readonly flag: string; readonly oneOf: readonly string[] }[] = [
  { flag: 'interval', oneOf: ['repeat'] },
  { flag: 'chunkDelay', oneOf: ['chunk', 'split'] },
];

/** Returns why the flags given to `command` do not go together over `transport`; `undefined` where they do. */
function combinationProblem(command: Command, role: Role, transport: Transport): string | undefined {
  for (const [flag, over] of transportsOfFlags(role)) {
    if (!isGiven(command, flag) || over.includes(transport)) continue;
    return `option '${spellingOf(command, flag)}' is for ${listed(over)} only`;
  }
  const needs = flagsOf(role).flatMap(({ flag }) =>
    flag.needs === undefined ? [] : [{ flag: attributeOf(flag), oneOf: [flag.needs] }],
  );
  for (const { flag, oneOf } of [...needs, ...otherNeeds]) {
    if (!isGiven(command, flag) || oneOf.some((other) => isGiven(command, other))) continue;
    const wanted = oneOf.map((other) => `'${spellingOf(command, other)}'`).join(' or ');
    return `option '${spellingOf(command, flag)}' needs ${wanted}`;
  }
  return undefined;
}

function transportsOfFlags(role: Role): [string, readonly Transport[]][] {
  const ofOptions = flagsOf(role).map(({ option, flag }): [string, readonly Transport[]] => [
    attributeOf(flag),
    flag.transports ?? option.transports,
  ]);
  return [...ofOptions, ...Object.entries(otherFlags)];
}

function listed(over: readonly Transport[]): string {
  const nameOf = (transport: Transport) =>
    transport === 'wss' && !over.includes('ws') ? 'WebSocket over TLS' : names[transport];
  const words = [...new Set(over.map(nameOf))];
  const last = words.pop() ?? '';
  return words.length === 0 ? last : `${words.join(', ')} and ${last}`;
}

function isGiven(command: Command, flag: string): boolean {
  return command.getOptionValueSource(flag) === 'cli';
}

function spellingOf(command: Command, flag: string): string {
  return command.options.find((option) => option.attributeName() === flag)?.flags ?? `--${flag}`;
}

/** Maximum width of a line, without its indentation. */
const maxColumns = 110;

/** Breaks `text` at spaces into lines for the notes of a help text. */
export function wrapHelp(text: string): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + word.length >= maxColumns) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.join('\n  ');
}

/** Returns the description of a command as a sentence, for the start of its help. */
export function descriptionSentence(description: string): string {
  const text = `${description.slice(0, 1).toUpperCase()}${description.slice(1)}`;
  return text === '' || text.endsWith('.') ? text : `${text}.`;
}
