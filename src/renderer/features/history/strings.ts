import { byteCount } from '#shared/bytes/units.ts';
import { bytesText, countOf, countText } from '../../ui/text.ts';

/** The texts of the list of sent messages. */
export const strings = {
  title: 'Sent messages',
  search: 'Search',
  searchHelp: 'Text, or bytes in hex such as 0d 0a',
  allEndpoints: 'All endpoints',
  list: 'Sent messages, the last one first',
  keys: 'Enter sends the selected message again. Select a second one with Space or Ctrl+click to compare the two.',
  keysStored: 'Select two messages, the second one with Space or Ctrl+click, to compare them.',
  searching: (percent: number) => `Searching… ${percent} %`,
  count: (shown: number, matched: number) =>
    matched > shown
      ? `The last ${countText(shown)} of ${countOf(matched, 'message')}`
      : `${countOf(matched, 'message')}`,
  newer: (count: number) => `Show ${countText(count)} newer`,
  empty: 'No messages sent yet',
  emptyHelp: 'Each message that you send appears here.',
  emptyStored: 'No messages were sent in this session',
  noMatch: 'No sent message matches',
  close: 'Close',

  row: {
    number: (seq: number) => `#${countText(seq)}`,
    times: (count: number) => `× ${countText(count)}`,
    timesHelp: (count: number) => `${countText(count)} equal messages in succession`,
    sockets: (count: number) => countOf(count, 'peer'),
    length: (length: number) => (length < 1_000_000 ? countText(length) : bytesText(length)),
    lengthHelp: (length: number) => `${byteCount(length)}, framing included`,
    empty: 'empty',
    hex: (bytes: string) => `hex ${bytes}`,
  },

  again: {
    button: 'Send again',
    help: 'Sends the bytes of this record to the target of the composer, immediately and framing included. A target with another framing receives the message in its own framing.',
    part: 'A part of a message that was sent from a file: send the file again.',
    sending: 'sending…',
    sent: (bytes: number, sockets: number) => `sent ${byteCount(bytes)} to ${countOf(sockets, 'peer')}`,
    cancelled: 'cancelled',
    tried: (seq: number) => `Record ${seq} was not sent again`,
    tooLarge: 'Export the record, and send it as a file.',
  },

  use: {
    button: 'Use as payload',
    help: 'Opens the message in the composer, without its framing.',
    name: (seq: number) => `from #${seq}`,
    tried: (seq: number) => `Record ${seq} could not be opened in the composer`,
    tooLarge: 'Export the record.',
  },

  comparison: {
    label: 'Compared messages',
    withEditor: 'Compare with editor',
    withEditorHelp: 'Compares the message with what Send would send now, both without framing.',
    two: 'Compare',
    twoHelp: 'Compares the two selected messages, without framing.',
    back: 'Back to the list',
    record: (seq: number) => `Record ${countText(seq)}`,
    editor: 'Editor',
    equal: 'The bytes are equal',
    inHex: 'Compared in hex, because at least one of them is not text.',
    tried: (seq: number) => `Record ${seq} could not be compared`,
    tooLarge: 'Export the records, and compare the files.',
  },
} as const;
