import { byteCount } from '#shared/bytes/units.ts';
import { countOf } from '../../ui/text.ts';

/** The UI strings of the dialogs about framing. */
export const strings = {
  cancel: 'Cancel',
  apply: 'Apply',
  close: 'Close',
  socket: (id: number) => `socket ${id}`,
  frameSocket: {
    title: (peer: string) => `Framing of ${peer}`,
    note: 'Applies to this socket from now on. Buffered bytes are re-framed.',
    stopped: ' Framing stopped at bytes that do not match it; Apply restarts it.',
  },
  fields: {
    find: 'Find a framing or protocol',
    search: 'Search framings',
  },
  guess: {
    guess: 'Guess from recorded data',
    none: 'No framing matches the recorded data.',
    matches: 'Matching framings',
    framing: 'Framing',
    spelling: 'Command line',
    messages: 'Messages',
    direction: 'Direction',
    use: 'Use',
    selectOf: (name: string, framing: string) => `Use ${name} (${framing})`,
  },
  lens: {
    title: (direction: 'in' | 'out', socket: string) =>
      direction === 'in' ? `Reads and messages received on ${socket}` : `Writes and messages sent on ${socket}`,
    order:
      'TCP keeps the order of the bytes, not the boundaries of the calls: the bytes of one send() may arrive in several recv(), and those of several in one.',
    reads: { in: 'recv', out: 'send' },
    ribbon: 'Bytes, with the reads above and the messages below',
    counts: (direction: 'in' | 'out', reads: number, messages: number) =>
      `${countOf(reads, direction === 'in' ? 'read' : 'write')}, ${countOf(messages, 'message')} with this framing.`,
    start: (offset: number) => `The window begins at offset ${offset}, where a message is assumed to begin.`,
    problem: (problem: string) => `Malformed: ${problem}.`,
    byte: (offset: number) => `Byte at offset ${offset} of the stream`,
    part: (unit: string, number: number, length: number) => `${unit} ${number}: ${length} B`,
    place: (at: number, unit: string, read: number, message: number) =>
      `byte ${at}, ${unit} ${read}, message ${message}`,
    number: 'No.',
    offset: 'Offset',
    length: 'Bytes',
    about: 'Details',
    message: 'message',
    inReads: (count: number) => `in ${countOf(count, 'call')}`,
    framingBytes: (count: number) => `${count} B framing`,
    incomplete: 'continues after the window',
    malformed: 'malformed',
    applyHelp: (session: string) => `Re-frames this socket’s bytes into a new session. ${session} is not changed.`,
  },
  reframe: {
    title: 'Re-frame recorded data',
    note: (session: string) => `Re-frames the recorded bytes into a new session. ${session} is not changed.`,
    create: 'Create session',
    streams: 'Streams',
    onlySocket: (id: number, peer: string) => `Only socket ${id}${peer === '' ? '' : ` (${peer})`}`,
    onlyEndpoint: (name: string) => `Only endpoint ${name}`,
    all: 'All sockets of the session',
  },
  waiting: {
    title: (peer: string) => `Incomplete message from ${peer}`,
    refresh: 'Refresh',
    none: 'No incomplete message.',
    note: (length: number) => `${byteCount(length)} received. Recorded when the message is complete.`,
    noteFirst: (shown: number, length: number) =>
      `First ${byteCount(shown)} of ${byteCount(length)} received. Recorded when the message is complete.`,
    text: 'Text',
    hex: 'Hex',
  },
} as const;
