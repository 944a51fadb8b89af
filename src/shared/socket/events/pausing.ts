import { receive, variableOf } from '../python-words.ts';
import { isListener } from '../state.ts';
import { defineEvent, oneOf, optional, text } from './event-kind.ts';

/** The call that is paused; recv() where it is left out. */
const call = optional(oneOf(['accept']));

/** `reason`: empty where the user paused it. */
export const paused = defineEvent({
  kind: 'paused',
  code: 23,
  help: 'recv(), or accept() of a listener, is not called for now',
  level: 'warning',
  fields: { reason: text, call },
  text: ({ reason, call: paused = 'recv' }) => `${paused}() paused${reason === '' ? '' : `: ${reason}`}`,
  changes: () => ({ paused: true }),
  calls({ reason }, info) {
    if (isListener(info)) return [{ call: '# accept() is not called for now', explains: sentence(reason) }];
    const effect = 'The kernel’s receive buffer fills, the window closes, and the sender has to wait.';
    return [
      { call: '# recv() is not called for now', explains: `${sentence(reason)}${reason === '' ? '' : ' '}${effect}` },
    ];
  },
});

export const resumed = defineEvent({
  kind: 'resumed',
  code: 24,
  help: 'recv(), or accept() of a listener, is called again',
  fields: { call },
  text: ({ call: resumed = 'recv' }) => `${resumed}() resumed`,
  changes: () => ({ paused: false }),
  calls(_, info) {
    const socket = variableOf(info);
    if (!isListener(info)) return [{ call: `data = ${receive(socket, 0)}`, explains: 'Reading continues.' }];
    const explains = 'Accepting continues: each call takes one connection out of the backlog.';
    return [{ call: `connection, client_address = ${socket}.accept()`, explains }];
  },
});

function sentence(reason: string): string {
  return reason === '' ? '' : `${reason.slice(0, 1).toUpperCase()}${reason.slice(1)}.`;
}
