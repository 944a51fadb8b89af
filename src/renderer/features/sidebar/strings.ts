import { keptClosed } from '#shared/contract/limits.ts';
import { bytesText, countOf, countText } from '../../ui/text.ts';

/** The UI strings of the side bar. */
export const strings = {
  label: 'Endpoints',
  servers: { title: 'Servers', empty: 'No servers yet.', offer: 'Add server', add: 'New server' },
  clients: { title: 'Clients', empty: 'No clients yet.', offer: 'Add client', add: 'New client' },
  socket: (id: number) => `socket ${id}`,
  actionsOf: (label: string) => `Actions for ${label}`,
  peersOf: (label: string) => `Peers of ${label}`,
  framing: (framing: string) => `framing ${framing}`,
  unsent: (bytes: number) => `${bytesText(bytes)} unsent`,
  notReading: 'not reading',
  incomplete: 'incomplete',
  notAccepting: 'not accepting',
  ended: {
    count: (count: number) => `${countText(count)} disconnected`,
    countOf: (count: number, label: string) => `${countText(count)} disconnected peers of ${label}`,
    help: `Lists the last ${keptClosed} disconnected peers. The session has the records of all.`,
    remove: 'Remove',
    removeOf: (label: string) => `Remove disconnected peers of ${label}`,
    removeHelp: 'Removes them from the list. Their records are kept.',
  },
  menu: {
    sendToPeer: 'Send to this peer only',
    framing: 'Change framing…',
    show: 'Show',
    stopServer: 'Stop server',
    disconnectClient: 'Disconnect client',
    stopListening: 'Stop listening, keep connections',
    closeConnections: (count: number) => `Close ${countOf(count, 'connection')}`,
    removeDisconnected: 'Remove disconnected',
    remove: 'Remove',
  },
} as const;
