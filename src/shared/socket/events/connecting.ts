import { formatAddress } from '../address.ts';
import { creationCall, tuple, variableOf } from '../python-words.ts';
import type { Transport } from '../transports.ts';
import { defineEvent } from './event-kind.ts';
import { address, number } from './fields.ts';

/** The attempt with number `attempt` of `of` addresses. */
export const connecting = defineEvent({
  kind: 'connecting',
  code: 18,
  help: 'connect() was called',
  firstOf: 'outgoing',
  handshakePart: 'outgoing',
  fields: { peer: address, attempt: number, of: number },
  text: ({ peer, attempt, of }) => `connecting to ${formatAddress(peer)}${of > 1 ? ` (${attempt} of ${of})` : ''}`,
  changes: ({ peer }) => ({ word: 'connecting', peer: formatAddress(peer) }),
  calls: ({ peer, attempt, of }, info) => [
    creationCall(peer, info),
    {
      call: `${variableOf(info)}.connect(${tuple(peer)})`,
      explains: `${effectOf(info?.transport)}${of > 1 ? ` (address ${attempt} of ${of})` : ''}.`,
    },
  ],
});

function effectOf(transport: Transport | undefined): string {
  if (transport === 'udp') return 'Sends nothing: send() then goes to this peer, and recv() receives from it alone';
  if (transport === 'local') return 'Asks the program that listens at this path for a connection';
  return "Sends a SYN and waits for the peer's answer";
}
