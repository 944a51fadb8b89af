// Writes the states of a connection into docs/architecture.md, from the transition table: node tools/connection-diagram.ts
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { connectionStates } from '../src/shared/socket/state.ts';
import { transitions } from '../src/shared/socket/transitions.ts';

const page = new URL('../docs/architecture.md', import.meta.url);
const begin = '<!-- The states of a connection: node tools/connection-diagram.ts -->';
const end = '<!-- The end of the states. -->';

/** Returns the name of a state in the diagram, where a hyphen is not allowed. */
const idOf = (state: string) => state.replaceAll('-', '_');

/** The states between the handshake and the end, which the diagram draws in one box: those that a close ends in order. */
const connected = transitions.find(({ to }) => to === 'flushing')?.from ?? [];

/** Returns the arrows between different states, each with all its events; one for the whole box where all its states have it. */
function arrows(): string[] {
  const labels = new Map<string, string[]>();
  for (const { from, events, to } of transitions) {
    if (to === 'same') continue;
    const isOfBox = connected.every((state) => from.includes(state));
    const starts = isOfBox ? ['connected', ...from.filter((state) => !connected.includes(state))] : from;
    for (const start of starts) {
      const arrow = `${idOf(start)} --> ${idOf(to)}`;
      labels.set(arrow, [...(labels.get(arrow) ?? []), ...events]);
    }
  }
  return [...labels].map(([arrow, events]) => `  ${arrow}: ${events.join(', ')}`);
}

function diagram(): string {
  const states = Object.entries(connectionStates);
  const names = states.filter(([state]) => state.includes('-')).map(([state]) => `  ${idOf(state)}: ${state}`);
  return [
    '```mermaid',
    'stateDiagram-v2',
    ...names,
    '  state connected {',
    ...connected.map((state) => `    ${idOf(state)}`),
    '  }',
    '  [*] --> handshaking',
    ...arrows(),
    '  closed --> [*]',
    '```',
    '',
    '| state | meaning |',
    '| --- | --- |',
    ...states.map(([state, { help }]) => `| \`${state}\` | ${help} |`),
  ].join('\n');
}

/** Returns the text of docs/architecture.md with the states that the table gives. */
export function withStates(text: string): string {
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error('docs/architecture.md has no place for the states of a connection');
  return `${text.slice(0, from + begin.length)}\n\n${diagram()}\n\n${text.slice(to)}`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(page, withStates(readFileSync(page, 'utf8')));
}
