import { type Action, actionKinds, createAction } from '../../rules/actions/catalogue.ts';
import { anyTransport, endpointOption, type OptionFlag, servers } from './option.ts';
import type { ValueSchema } from './value-schema.ts';

const schema: ValueSchema<Action> = { type: 'behaviour' };

/** Returns the name that commander gives to a flag: `replyFile` of `--reply-file <file>`. */
function nameOf(spelling: string): string {
  const [flag = ''] = spelling.split(' ');
  return flag.slice(2).replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** The actions that have a flag, in the order of the command line’s help. */
const flagged = actionKinds
  .flatMap(({ kind, flag }) => (flag ? [{ kind, flag }] : []))
  // Loading the collation of `localeCompare` would take milliseconds at each start of the command line.
  .sort((one, other) => (one.flag.spelling < other.flag.spelling ? -1 : 1));

export const behaviour = endpointOption({
  path: 'behaviour',
  label: 'Behaviour',
  schema,
  default: createAction('reply', undefined),
  transports: anyTransport,
  roles: servers,
  changeable: true,
  row: {
    group: 'Server',
    help: 'What the server sends back for each complete message. Without framing, echo returns every byte.',
    aliases: 'answer response',
  },
  flags: flagged.map(({ kind, flag }): OptionFlag => {
    const conflicts = flagged.filter((other) => other.kind !== kind).map((other) => nameOf(other.flag.spelling));
    const sets = (value: string) => ({ behaviour: createAction(kind, value) });
    return { ...flag, group: 'Server:', conflicts, sets };
  }),
});
