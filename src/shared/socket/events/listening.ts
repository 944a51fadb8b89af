import { formatAddress } from '../address.ts';
import { bindCall, creationCall, variableOf } from '../python-words.ts';
import { defineEvent } from './event-kind.ts';
import { address, number, optional } from './fields.ts';

/** `backlogCap`: the maximum of the system, where it is less than `backlog`. */
export const listening = defineEvent({
  kind: 'listening',
  code: 16,
  help: 'a server accepts connections at its address',
  firstOf: 'listener',
  fields: { local: address, backlog: number, backlogCap: optional(number) },
  text: ({ local, backlog, backlogCap }) =>
    `listening on ${formatAddress(local)}, backlog ${backlog}${backlogCap === undefined ? '' : `, which the system limits to ${backlogCap}`}`,
  changes: ({ local }) => ({ word: 'listening', local: formatAddress(local) }),
  calls({ local, backlog, backlogCap }, info) {
    const socket = variableOf(info);
    const limit = backlogCap === undefined ? '' : ', the maximum of the system';
    return [
      creationCall(local, info),
      bindCall(local, info),
      {
        call: `${socket}.listen(${backlog})`,
        explains: `Starts listening. The kernel completes handshakes and queues up to ${backlogCap ?? backlog} established connections${limit}, until accept() is called (the backlog).`,
      },
    ];
  },
});
