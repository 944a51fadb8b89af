// Writes the table of the options of `listen` and `send` in docs/cli.md from their help: node tools/option-table.ts
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { createProgram } from '../src/main/hosts/cli/program.ts';

const page = new URL('../docs/cli.md', import.meta.url);

interface OptionHelp {
  readonly group: string;
  readonly flags: string;
  readonly help: string;
}

function optionsOf(name: 'listen' | 'send'): OptionHelp[] {
  const command = createProgram(() => {}).commands.find((one) => one.name() === name);
  return (command?.options ?? []).map(({ flags, description, helpGroupHeading = '' }) => ({
    group: helpGroupHeading,
    flags,
    help: description,
  }));
}

/** Returns the rows of the table, by group in the order of the help. */
function rows(): string[] {
  const listen = optionsOf('listen');
  const send = optionsOf('send');
  const both = [...send, ...listen];
  const groups = [...new Set(both.map(({ group }) => group))];
  const flags = new Set(groups.flatMap((group) => both.filter((one) => one.group === group).map((one) => one.flags)));
  return [...flags].map((flag) => {
    const [ofListen, ofSend] = [listen, send].map((options) => options.find((one) => one.flags === flag)?.help);
    const of = ofListen === undefined ? 'send' : ofSend === undefined ? 'listen' : 'both';
    const help = of !== 'both' || ofListen === ofSend ? (ofListen ?? ofSend) : `listen: ${ofListen}; send: ${ofSend}`;
    return `| \`${flag}\` | ${of} | ${help?.replaceAll('|', '\\|')} |`;
  });
}

/** Returns the text of docs/cli.md with the rows that the help gives. */
export function withOptions(text: string): string {
  const table = /(\n\| option \| of \| description \|\n\| --- [^\n]*\n)(?:\|[^\n]*\n)*/;
  if (!table.test(text)) throw new Error('docs/cli.md has no table of options');
  return text.replace(table, (_, before: string) => `${before}${rows().join('\n')}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(page, withOptions(readFileSync(page, 'utf8')));
}
