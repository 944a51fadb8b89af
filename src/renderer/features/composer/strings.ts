import { byteCount } from '#shared/bytes/units.ts';
import type { PayloadFormat } from '#shared/payload/payload.ts';
import type { Transport } from '#shared/socket/transports.ts';
import { bytesText, countOf, countText } from '../../ui/text.ts';

const received = (replies: number) => (replies === 0 ? [] : [`${countText(replies)} received`]);

/** The texts of the composer: its bar, editor, send timing, targets and status. */
export const strings = {
  payload: 'Payload',
  editor: 'Payload editor. Tab inserts a tab; Escape leaves the editor.',
  formatLabel: 'Payload format',
  json: 'JSON',
  xml: 'XML',
  text: 'Text',
  hex: 'Hex',
  changed: 'changed',
  changedHelp: 'Not saved. Unsaved changes are kept.',
  renameHelp: (path: string) => `${path}. Click to rename or move it.`,
  saveAsHelp: 'Click to save it as a payload of the workspace.',
  format: 'Format',
  send: 'Send',
  sendFile: 'Send file',
  sendAnyway: 'Send anyway',
  sendKeys: 'Ctrl+Enter (⌘↵ on macOS)',
  sendText: 'Send the text instead',
  samples: 'Samples',
  pickFile: 'Send a file…',
  pickFileHelp: 'any size',

  actions: {
    send: 'Send payload',
    sendOnce: 'Send once (connect, send, close)',
    cancelSend: 'Cancel sending',
    repeat: 'Repeat…',
    stopRepeat: 'Stop repeating',
    sendFile: 'Send a file…',
    sendText: 'Send the text instead of the file',
    format: 'Format payload',
    minify: 'Minify payload',
    sortKeys: 'Sort keys of payload',
    toXml: 'Convert payload to XML',
    toJson: 'Convert payload to JSON',
    toYaml: 'Convert payload to YAML',
    yamlToXml: 'Convert YAML to XML',
    yamlToJson: 'Convert YAML to JSON',
    toHex: 'Convert payload to hex',
    toText: 'Convert hex to text',
    toBase64: 'Convert payload to base64',
    fromBase64: 'Decode base64',
    queryJson: 'Find by JSON path…',
    queryXml: 'Find by XPath…',
    exactBytes: 'Show exact bytes',
    template: 'Toggle template',
    escapes: 'Toggle escapes',
    save: 'Save payload',
    saveAs: 'Save payload as…',
    rename: 'Rename payload…',
  },

  encoding: {
    label: 'Encoding',
    title: 'Encoding in which the payload is sent, with or without a byte order mark (BOM)',
  },

  checksum: {
    button: 'Checksum',
    label: 'Checksum',
    add: 'Append a checksum',
    appended: (spec: string) => `Checksum appended: ${spec}`,
    loading: 'Loading…',
    search: 'Algorithm',
    example: 'crc-16/modbus',
    none: 'No matching algorithm',
    groups: { sum: 'Sums', digest: 'Digests', CRC: 'CRC' },
    other: 'Select another…',
    order: 'Byte order',
    orderHelp: 'The order in which the bytes of the checksum are sent.',
    orders: [
      { value: 'be', label: 'Big-endian' },
      { value: 'le', label: 'Little-endian' },
    ],
    form: 'Written as',
    formHelp: 'As its bytes, or as two hex digits for each byte.',
    forms: { bytes: 'Bytes', hex: 'Hex text, lower case', HEX: 'Hex text, upper case' },
    from: 'First byte',
    fromHelp: 'Offset of the first byte to cover. Negative: from the end. Empty: the first one.',
    to: 'End',
    toHelp: 'Offset after the last byte to cover. Negative: from the end. Empty: the end.',
    offsetError: 'A whole number is required',
    remove: 'Remove checksum',
  },

  escapes: {
    label: 'Escapes',
    help: 'Show control characters and line ends as escapes, such as \\n and \\x1b.',
    editor: 'Payload with escapes',
    noText: (at: number, reason: string) => `byte ${at}: ${reason}. Select the format Hex for bytes that are not text`,
  },

  template: {
    label: 'Template',
    help: 'In a template, {{ … }} is replaced in each message.',
    found: 'Contains {{ … }}:',
    use: 'Use as template',
    variable: 'variable',
    value: (value: string) => (value === '' ? '(empty)' : value),
  },

  exact: {
    label: 'Exact bytes',
    bytes: 'Bytes of the message',
    open: 'Size of the message as it will be sent. Show exact bytes (Alt+H)',
    loading: 'Loading…',
    size: (length: number) => byteCount(length),
    framing: (length: number) => `framing ${byteCount(length)}`,
    checksum: (length: number) => `checksum ${byteCount(length)}`,
    first: (length: number) => `first ${byteCount(length)} shown`,
    secret: 'A secret is shown as asterisks.',
  },

  saveDialog: {
    title: 'Save payload',
    rename: 'Rename payload',
    name: 'Name',
    nameHelp: 'The ending is the format: .json, .xml, .txt, .hex or .bin.',
    folder: 'Folder',
    save: 'Save',
    renameButton: 'Rename',
    cancel: 'Cancel',
    empty: 'Enter a name.',
    record: (seq: number) => `Save record ${seq} as payload`,
    recordName: (seq: number) => `record-${seq}`,
    saved: (path: string) => `Saved ${path}`,
    noSlash: 'Enter a name without “/”, and select the folder below.',
  },

  conflict: {
    changed: 'Changed on disk',
    deleted: 'Deleted on disk',
    keepMine: 'Keep mine',
    keepMineHelp: 'Keeps your text. The next save replaces the file.',
    takeTheirs: 'Take theirs',
    takeTheirsHelp: 'Replaces your text with the file. Undo returns it.',
    compare: 'Compare',
    compared: 'Compared versions',
    theirsLabel: 'Version on disk',
    mineLabel: 'Your version',
    dismiss: 'Dismiss',
  },

  oneShot: {
    button: 'Send once',
    title: 'Connects, sends the payload, waits up to 10 s for a message, and closes the connection',
    phases: { connecting: 'Connecting…', sending: 'Sending…', waiting: 'Waiting for a message…', closing: 'Closing…' },
    cancel: 'Cancel',
    done: (sent: number, received: number, records: { readonly first: number; readonly last: number } | undefined) =>
      [
        `Sent ${bytesText(sent)}`,
        `received ${countOf(received, 'message')}`,
        !records
          ? ''
          : records.first === records.last
            ? `record ${records.first}`
            : `records ${records.first}–${records.last}`,
      ]
        .filter(Boolean)
        .join(', '),
    ended: (sent: number, received: number) => `Sent ${bytesText(sent)}, received ${countOf(received, 'message')}`,
    notSent: 'The payload was not sent: invalid send timing',
    paceHint: 'Correct the timing next to Send.',
  },

  targets: {
    label: 'Send to',
    none: 'no peers connected',
    notConnected: 'not connected',
    to: (address: string) => `to ${address}`,
    all: (count: number) => `to all ${countText(count)} peers`,
    two: (first: string, second: string, count: number) => `to ${first} and ${second}, 2 of ${countText(count)} peers`,
    some: (selected: number, count: number) => `to ${countText(selected)} of ${countText(count)} peers`,
    allPeers: (count: number) => `All peers (${countOf(count, 'connection')})`,
    peer: (address: string, framing: string) => (framing === '' ? address : `${address}, framing ${framing}`),
  },

  timing: {
    title: 'Send timing: rate limit and chunks',
    label: 'Send timing',
    button: (timing: string) => `Send timing: ${timing}`,
    immediate: 'immediate',
    rate: 'Rate limit (bytes/s)',
    rateHelp: 'Empty: unlimited.',
    chunk: 'Chunk size (bytes)',
    chunkHelp: 'Each chunk is one send(); the peer may receive them separately.',
    splits: 'Split at',
    splitsHelp: 'Byte offsets to split at, e.g. 4, 10.',
    delay: 'Delay between chunks (ms)',
    delayHelp: 'Time to wait before the next send().',
    reset: 'Reset',
  },

  repeat: {
    button: 'Repeat…',
    title: 'Send the payload repeatedly',
    label: 'Repeated send',
    count: 'Count',
    countHelp: 'How many times the payload is sent.',
    endless: 'Until stopped',
    interval: 'Interval (ms)',
    intervalHelp: 'Time from the start of one message to the start of the next.',
    jitter: 'Jitter (ms)',
    jitterHelp: 'A random delay up to this long is added to each interval.',
    start: 'Start',
    startAnyway: 'Start anyway',
    stop: 'Stop',
    stopName: 'Stop repeating',
    reply: 'Wait for a reply',
    replyHelp: 'The next message is sent after the reply. A missing reply ends the repeated send.',
    replies: [
      { value: 'none', label: 'No' },
      { value: 'any', label: 'Any message' },
      { value: 'filter', label: 'Message that matches a filter' },
    ],
    replyFilter: 'Reply filter',
    replyExample: 'text contains "ok"',
    replyWait: 'Maximum wait (ms)',
    replyWaitHelp: 'Ends after this time without a reply.',
    progress: (sent: number, count: number | undefined, interval: string, replies: number) =>
      [
        `${countText(sent)}${count === undefined ? '' : ` of ${countText(count)}`}`,
        interval,
        ...received(replies),
      ].join(', '),
    range: (ms: number, jitterMs: number) =>
      jitterMs === 0 ? `${countText(ms)} ms` : `${countText(ms)}–${countText(ms + jitterMs)} ms`,
    figures: (replies: number, failed: number, elapsed: string) =>
      `${countOf(replies, 'message')} received, ${failed} failed, ${elapsed}`,
    done: (sent: number, failed: number, replies: number, elapsed: string) =>
      [
        `sent ${countOf(sent, 'time')} in ${elapsed}`,
        ...(failed > 0 ? [`${countText(failed)} failed`] : []),
        ...received(replies),
      ].join(', '),
    stopped: (sent: number, replies: number, elapsed: string) =>
      [`stopped after ${countOf(sent, 'message')}`, ...received(replies), elapsed].join(', '),
    seconds: (ms: number) => `${(ms / 1_000).toFixed(1)} s`,
  },

  status: {
    file: 'The file is sent unchanged.',
    noBytes: 'no bytes',
    size: (length: number) => byteCount(length),
    unwrapped: 'lines are not wrapped',
    unwrappedHelp: (max: number) =>
      `Long texts are shown without colours, and only the first ${countText(max)} characters of each line. All of the text is sent.`,
    tooLong: 'too long to check',
    checkedLater: 'checked when it is sent',
    valid: (format: PayloadFormat) => `valid ${format.toUpperCase()}`,
    invalid: (format: PayloadFormat, line: number, column: number, message: string) =>
      `Invalid ${format.toUpperCase()}: line ${line}, column ${column}: ${message}`,
    unsendable: (line: number, column: number, message: string) =>
      `Cannot be sent: line ${line}, column ${column}: ${message}`,
    secret: (transport: Transport) => `Secret is not encrypted over ${transport.toUpperCase()}`,
    secretHelp: 'The payload contains a secret. Anyone on the network path can read it. Use TLS or WSS.',
    python: 'Looks like a Python dict:',
    convert: 'Convert to JSON',
    addFraming: (adds: string) => `Add framing (${adds})`,
    addOwnFraming: (adds: string) => `Add payload’s framing (${adds})`,
    ownFramingHelp: 'The meta file of this payload sets its framing. It replaces the framing of the endpoint.',
    history: 'Show sent messages',
    inserts: 'Insert',
    overwrites: 'Overwrite',
    hexModeHelp: 'Typed digits are inserted, or overwrite the next ones (Insert key)',
    historyKeys: 'Alt+S',
    perPeer: 'as configured for each peer',
    mixedLineEnds: 'Mixed line ends, sent as marked. Select one to use it for all lines.',
    progress: 'Sent so far',
    sending: 'sending…',
    sentOf: (done: number, total: number) => `${bytesText(done)} of ${bytesText(total)}`,
    cancel: 'Cancel',
    cancelled: (bytes: number) => `cancelled after ${byteCount(bytes)}`,
    cancelledAfter: (bytes: number, peers: number) =>
      `cancelled after ${byteCount(bytes)}; ${countOf(peers, 'peer')} received all of it`,
    sent: (bytes: number, peers: number) => `sent ${byteCount(bytes)} to ${countOf(peers, 'peer')}`,
    sentExcept: (bytes: number, peers: number, failed: number) =>
      `sent ${byteCount(bytes)} to ${countOf(peers, 'peer')}, ${failed} failed`,
  },

  problems: {
    label: 'Problems',
    show: 'Show the problems of the payload',
    errors: (count: number) => countOf(count, 'error'),
    warnings: (count: number) => countOf(count, 'warning'),
    error: 'Error',
    warning: 'Warning',
    limit: (max: number) => `Only the first ${max} problems are listed.`,
  },
} as const;
