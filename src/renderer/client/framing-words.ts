import type { FramingChoice } from './framing-form.ts';

/** The names and the help of a framing. */
interface FramingWords {
  readonly choice: FramingChoice;
  /** A name of two or three words. */
  readonly short: string;
  readonly label: string;
  readonly help: string;
  /** What sending adds to a message; empty if nothing. */
  readonly adds: string;
  /** Listed first. */
  readonly common: boolean;
}

/** All framings, the common ones first. */
export const framingWords: readonly FramingWords[] = [
  {
    choice: 'raw',
    short: 'none (one row per recv)',
    label: 'None: one row per recv()',
    help: 'Each row shows the bytes that one recv() returned.',
    adds: '',
    common: true,
  },
  {
    choice: 'lf',
    short: 'LF-terminated lines',
    label: 'LF-terminated lines',
    help: 'A message ends with a line feed (\\n), as readline() expects.',
    adds: 'line feed at the end',
    common: true,
  },
  {
    choice: 'crlf',
    short: 'CRLF-terminated lines',
    label: 'CRLF-terminated lines',
    help: 'A message ends with \\r\\n, as in SMTP and many instruments.',
    adds: 'CRLF at the end',
    common: true,
  },
  {
    choice: 'json',
    short: 'JSON values',
    label: 'Consecutive JSON values',
    help: 'Each JSON value is a message, with or without line ends between values.',
    adds: '',
    common: true,
  },
  {
    choice: 'xml',
    short: 'XML documents',
    label: 'Consecutive XML documents',
    help: 'Each XML document is a message. It ends where its root element is closed.',
    adds: '',
    common: true,
  },
  {
    choice: 'length',
    short: 'length prefix',
    label: 'Length prefix',
    help: 'A length field before each message gives the number of bytes to receive.',
    adds: 'length prefix',
    common: true,
  },
  {
    choice: 'fixed',
    short: 'fixed length',
    label: 'Fixed length',
    help: 'Every message has the same number of bytes.',
    adds: 'padding to the length',
    common: true,
  },
  {
    choice: 'cr',
    short: 'CR-terminated lines',
    label: 'CR-terminated lines',
    help: 'A message ends with a carriage return (\\r), as in many instruments.',
    adds: 'carriage return at the end',
    common: false,
  },
  {
    choice: 'delimiter',
    short: 'delimiter',
    label: 'Custom delimiter (hex)',
    help: 'A message ends with a delimiter that you specify.',
    adds: 'delimiter at the end',
    common: false,
  },
  {
    choice: 'stx',
    short: 'STX/ETX',
    label: 'STX/ETX, with escapes',
    help: 'A message is enclosed in a start byte and an end byte; an escape byte precedes these bytes inside it.',
    adds: 'STX, ETX and escapes',
    common: false,
  },
  {
    choice: 'slip',
    short: 'SLIP',
    label: 'SLIP (RFC 1055)',
    help: 'A message ends with END (C0); END and ESC inside it are escaped.',
    adds: 'END bytes and escapes',
    common: false,
  },
  {
    choice: 'cobs',
    short: 'COBS',
    label: 'COBS: zero-terminated messages',
    help: 'A message ends with a zero byte and is encoded so that it contains no other zero byte.',
    adds: 'COBS encoding and a zero byte',
    common: false,
  },
  {
    choice: 'json-array',
    short: 'JSON array elements',
    label: 'Elements of JSON arrays',
    help: 'Each element of an unterminated array is a message.',
    adds: 'brackets around the value',
    common: false,
  },
  {
    choice: 'http',
    short: 'HTTP messages',
    label: 'HTTP/1 messages',
    help: 'Each request or response is a message, with its header and body.',
    adds: '',
    common: false,
  },
  {
    choice: 'start-fixed',
    short: 'start + length',
    label: 'Start bytes, then a fixed length',
    help: 'Every message begins with the same bytes and has the same length.',
    adds: 'start bytes and padding',
    common: false,
  },
  {
    choice: 'start-delimited',
    short: 'start … delimiter',
    label: 'Start bytes and a delimiter',
    help: 'A message begins with start bytes and ends with a delimiter that you specify.',
    adds: 'start bytes and delimiter',
    common: false,
  },
  {
    choice: 'octet',
    short: 'octet counting',
    label: 'Octet counting (syslog, RFC 6587)',
    help: 'A decimal length and a space precede each message.',
    adds: 'length and space before it',
    common: false,
  },
  {
    choice: 'syslog',
    short: 'syslog',
    label: 'Syslog over TCP (RFC 6587)',
    help: 'A message that begins with a digit has a length prefix; one that begins with < ends with a line feed.',
    adds: 'length and space before it',
    common: false,
  },
  {
    choice: 'netstring',
    short: 'netstrings',
    label: 'Netstrings',
    help: 'A decimal length and a colon precede each message; a comma follows it.',
    adds: 'length before it, comma at the end',
    common: false,
  },
  {
    choice: 'mllp',
    short: 'MLLP (HL7)',
    label: 'MLLP (HL7 version 2)',
    help: 'A message is enclosed in VT (0b) and FS CR (1c 0d).',
    adds: 'VT, FS and CR',
    common: false,
  },
  {
    choice: 'lsp',
    short: 'LSP, DAP',
    label: 'LSP and DAP: Content-Length header',
    help: 'Header fields with a Content-Length precede each message, as in the Language Server Protocol.',
    adds: 'Content-Length header',
    common: false,
  },
  {
    choice: 'xmpp',
    short: 'XMPP stanzas',
    label: 'XMPP stanzas',
    help: 'Each stanza inside the open stream element is a message.',
    adds: '',
    common: false,
  },
  {
    choice: 'resp',
    short: 'Redis (RESP)',
    label: 'Redis: RESP 2 and 3',
    help: 'Each RESP value or inline command is a message.',
    adds: 'missing line end',
    common: false,
  },
  {
    choice: 'scpi',
    short: 'SCPI lines',
    label: 'SCPI: lines with binary blocks',
    help: 'A message ends with a line feed outside an IEEE 488.2 block.',
    adds: 'line feed at the end',
    common: false,
  },
  {
    choice: 'stomp',
    short: 'STOMP frames',
    label: 'STOMP frames',
    help: 'A message is a command, header lines and a body that ends with NUL.',
    adds: 'NUL at the end',
    common: false,
  },
  {
    choice: 'fix',
    short: 'FIX',
    label: 'FIX: tag=value messages',
    help: 'A message begins with 8= and 9= (its length) and ends with 10= (its checksum).',
    adds: 'BeginString, BodyLength, CheckSum',
    common: false,
  },
  {
    choice: 'postgres',
    short: 'PostgreSQL',
    label: 'PostgreSQL, protocol 3',
    help: 'Each message begins with a type and a length; the client’s first message has no type.',
    adds: '',
    common: false,
  },
  {
    choice: 'gap',
    short: 'idle gap',
    label: 'Idle gap between messages',
    help: 'A message ends when no bytes arrive for the given time.',
    adds: '',
    common: false,
  },
];

const byChoice = new Map(framingWords.map((words) => [words.choice, words]));

export function wordsOf(choice: FramingChoice): FramingWords {
  const words = byChoice.get(choice);
  if (!words) throw new Error(`no words for the framing ${choice}`);
  return words;
}
