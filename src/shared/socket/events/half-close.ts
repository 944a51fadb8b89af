import { recordedFins } from '../connection-states.ts';
import { receive, variableOf } from '../python-words.ts';
import { defineEvent } from './event-kind.ts';

export const shutdown = defineEvent({
  kind: 'shutdown',
  code: 21,
  help: 'this side sent its FIN',
  place: 'after-sent',
  fields: {},
  text: () => 'sent FIN: the peer can still send',
  observed: (_, { local, peer }) => `${local} sent FIN: ${peer} can still send`,
  changes: (_, { readEnded }) => recordedFins(true, readEnded),
  calls: (_, info) => [
    {
      call: `${variableOf(info)}.shutdown(socket.SHUT_WR)`,
      explains: 'Sends a FIN: this side can still receive, but not send. The peer’s recv() returns b"".',
    },
  ],
});

export const ended = defineEvent({
  kind: 'ended',
  code: 22,
  help: 'the peer sent its FIN',
  place: 'after-received',
  fields: {},
  text: () => "peer sent FIN: recv() returns b''",
  observed: (_, { local, peer }) => `${peer} sent FIN: ${local} can still send`,
  changes: (_, { writeEnded }) => recordedFins(writeEnded, true),
  calls: (_, info) => [
    {
      call: `${receive(variableOf(info), 0)}  # b''`,
      explains: 'The peer has sent its FIN and sends no more data: recv() returns an empty bytes object.',
    },
  ],
});
