import { byteCount } from '#shared/bytes/units.ts';

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
