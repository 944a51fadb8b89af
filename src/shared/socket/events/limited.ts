import { defineEvent } from './event-kind.ts';
import { text } from './fields.ts';

/** Limits that no setting has: the text is enough. */
const otherLimits: ReadonlySet<string> = new Set([
  'refused',
  'unreachable',
  'send',
  'datagram',
  'inFlight',
  'sessionFile',
]);

/** `limit`: the name of its setting; `text`: what was truncated, refused or lost, and how much. */
export const limited = defineEvent({
  kind: 'limited',
  code: 25,
  help: 'a limit truncated or refused something',
  level: 'warning',
  isProblem: true,
  place: 'with-messages',
  fields: { limit: text, text },
  text: ({ limit, text: what }) => (otherLimits.has(limit) ? what : `limit ${limit}: ${what}`),
  isAboutFraming: ({ limit }) => limit === 'maxMessage',
  calls: ({ limit, text: what }) => [{ call: `# no call: limit ${limit}`, explains: what }],
});
