import { byteCount } from '#shared/bytes/units.ts';
import { bytesText, countOf, countText } from '../../ui/text.ts';

/** The texts of the inspector: its views, the find bar, and the note and the bookmark of a record. */
export const strings = {
  label: 'Inspector',
  views: 'Record views',
  pretty: 'Pretty',
  text: 'Text',
  hex: 'Hex',
  calls: 'Calls',
  noSelection: 'No record selected',
  noSelectionHelp: 'Select a row to see its tree, text, hex and socket calls.',
  noPayload: 'Events have no payload. See Calls.',
  usePayload: 'Use as payload',
  lens: 'Reads and messages…',
  savePayload: 'Save as payload…',
  payloadName: (seq: number) => `from #${seq}`,
  showMore: 'Show more',

  heading: {
    number: (seq: number) => `#${countText(seq)}`,
    received: (length: number) => `received, ${byteCount(length)}`,
    sent: (length: number) => `sent, ${byteCount(length)}`,
    textMessage: 'text message',
    binaryMessage: 'binary message',
    webSocketType: 'WebSocket message type: text (str) or binary (bytes)',
    datagram: 'one datagram',
    datagramHelp: 'recvfrom() returns exactly one datagram, as it was sent.',
    raw: '1 recv',
    rawHelp:
      'The bytes that one recv() returned. TCP has no message boundaries: the peer may have sent them in several parts, or as part of a longer message.',
    offset: (offset: number) => `offset ${countText(offset)}`,
    offsetHelp: 'Offset of the message in the stream',
    readsHelp: 'Number of bytes of this message that each recv() returned. The framing joined them.',
  },

  otherEnd: {
    end: (name: string) => `Other end: ${name}`,
    help: 'Shows the records of the other end of this connection',
    process: (name: string) => `other end: ${name}, not traced`,
    processHelp: 'The process of this machine that has the other end of the connection',
  },

  reads: {
    one: 'received in 1 recv',
    oneShared: (whole: number) => `received in a ${countText(whole)}-byte recv, with other messages`,
    several: (count: number, sizes: string) => `received in ${countText(count)} recv() calls: ${sizes} B`,
  },

  checksum: {
    ok: (name: string, found: string) => `Checksum ${name} ok: ${found}`,
    bad: (name: string, found: string, expected: string) => `Checksum ${name} bad: ${found}, expected ${expected}`,
    missing: (name: string) => `Checksum ${name} bad: missing`,
    noExpected: 'none: the algorithm cannot cover these bytes',
    notChecked: (name: string, reason: string) => `Checksum ${name} not checked: ${reason}`,
    notWhole: 'the record is not a whole message',
    tooLong: (max: number) => `the message is longer than ${bytesText(max)}`,
  },

  callsView: {
    list: (socket: string) => `Calls of ${socket}`,
    socket: (id: number) => `socket ${countText(id)}`,
    none: 'No calls are recorded for this socket.',
    earlier: 'Earlier calls',
    later: 'Later calls',
    start: 'Start (s)',
    call: 'Call',
    duration: 'Duration',
    result: 'Result',
    unknown: '–',
    short: '<0.1 ms',
    implied: 'implied',
    origins: {
      observed: 'made by the program',
      made: 'made by Wirebench',
      implied: 'implied: made by the kernel or Node.js',
    },
    manual: (section: string) => `Manual page: ${section}`,
    program: (pid: number, thread: string | undefined) =>
      thread === undefined ? `process ${pid}` : `process ${pid}, thread ${thread}`,
    descriptor: (descriptor: number) => `descriptor ${descriptor}`,
    showRecord: 'Show record',
    sourceLine: 'Source line',
    languages: 'The same call in',
    python: 'Python',
    c: 'C',
    node: 'Node.js',
    title: 'Equivalent Python calls',
    copy: 'Copy calls',
    reads: 'Bytes of this message that each recv() returned:',
    size: (length: number) => byteCount(length),
    offset: (offset: number) => `at offset ${countText(offset)}`,
    more: (count: number) => `… and ${countText(count)} more.`,
  },

  handshake: { sent: 'Sent', received: 'Received' },

  tree: {
    label: 'Message as a tree',
    tooLarge: (length: number, max: number) =>
      `The message is too large for a tree (${bytesText(length)}; maximum ${bytesText(max)}). See Text or Hex.`,
    notText: 'The message is not UTF-8 text: no tree. See Hex.',
    empty: 'The message is empty or contains only white space.',
    invalid: (format: string, problem: string) => `Invalid ${format}: ${problem}.`,
    otherFormat: 'Not JSON or XML: no tree.',
    more: (count: number) => `${countText(count)} more`,
    filterByValue: 'Filter by this value',
    filterByField: 'Filter by presence of this field',
    andValue: 'And this value',
    andField: 'And presence of this field',
    excludeValue: 'Exclude this value',
    copyPath: 'Copy path',
    copyValue: 'Copy value',
    all: 'the tree',
    firstValues: (count: number) => `the first ${countText(count)} values of the tree`,
    notFound: (where: string) => `Not found in ${where}`,
    match: (number: number, count: number) => `${countText(number)} of ${countText(count)}`,
    matchIn: (number: number, count: number, where: string) =>
      `${countText(number)} of ${countText(count)} in ${where}`,
  },

  textView: {
    label: 'Message as text',
    part: (shown: number, total: number) => `${bytesText(shown)} of ${bytesText(total)}`,
    size: (length: number) => byteCount(length),
    utf8: 'UTF-8',
    invalid: (count: number) => countOf(count, 'invalid UTF-8 sequence'),
    reveal: 'Show line ends and tabs',
    seeHex: 'See Hex for the rest.',
    decoded: (framing: string) => `decoded from ${framing}; Hex shows the bytes on the wire`,
    invalidBytes: (count: number, at: number) => `${byteCount(count)} of invalid UTF-8 at offset ${at}`,
    lf: 'LF (0a)',
    crlf: 'CR LF (0d 0a)',
    cr: 'CR (0d)',
    tab: 'tab (09)',
    control: (name: string, count: number) =>
      count === 1 ? `control character ${name}` : `${countOf(count, 'control character')} ${name}`,
    excessMarks: (count: number) => `+${countOf(count, 'mark')}`,
    excessMarksHelp: (count: number, max: number) =>
      `${countOf(count, 'more combining mark')} on this character; only the first ${max} are shown`,
  },

  hexView: {
    label: 'Bytes in hex',
    size: (length: number, framing: number) =>
      framing > 0 ? `${byteCount(length)} (${countText(framing)} framing)` : byteCount(length),
    reads: 'a line marks the start of each recv()',
    wire: 'bytes on the wire',
  },

  find: {
    label: 'Find in the message',
    hint: 'Ctrl+F in this pane',
    placeholder: 'Find',
    hexPlaceholder: '0d 0a',
    kind: 'Search for',
    text: 'Text',
    hex: 'Hex',
    previous: 'Previous',
    next: 'Next',
    close: 'Close',
    offset: (at: number) => `at offset ${countText(at)}`,
    notFound: 'Not found',
    wrappedToFirst: 'Wrapped to first match',
    wrappedToLast: 'Wrapped to last match',
  },

  marks: {
    bookmark: 'Bookmark',
    removeBookmark: 'Remove bookmark',
    addNote: 'Add a note',
    note: (seq: number) => `Note on record ${seq}`,
    placeholder: 'Note on this record',
    noteHelp: 'Saved with Ctrl+Enter or when the field loses focus. Escape discards changes.',
  },
} as const;
