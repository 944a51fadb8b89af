import { defineEvent } from './event-kind.ts';
import { text } from './fields.ts';

export const problem = defineEvent({
  kind: 'problem',
  code: 28,
  help: 'a problem that is not of a socket call, such as a reply file that cannot be read',
  level: 'problem',
  isProblem: true,
  fields: { text },
  text: ({ text: what }) => what,
  calls: ({ text: what }) => [{ call: '# no call: a problem of Wirebench', explains: what }],
});
