import type { Command } from 'commander';
import type { EndpointConfig } from '#shared/endpoint/endpoint-config.ts';
import type { Role } from '#shared/endpoint/options/option.ts';
import { abilitiesOf, type Transport, transports } from '#shared/socket/transports.ts';
import { attributeOf, type EndpointOptions, flagsOf } from './endpoint-options.ts';
import { readTarget, type Target } from './target.ts';

/** Reads the address of `listen` or `send` and checks the options against its transport. Ends the program on a conflict. */
export function checkedTarget(
  command: Command,
  text: string,
  role: EndpointConfig['role'],
  options: EndpointOptions,
): Target {
  const target = readTarget(text, role, options);
  if (!target.ok) return command.error(`error: “${text}”: ${target.error.message}`);
  const problem = combinationProblem(command, role, target.value.transport);
  if (problem !== undefined) command.error(`error: ${problem}`);
  return target.value;
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
