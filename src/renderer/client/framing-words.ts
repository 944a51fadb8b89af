import type { FramingChoice } from './framing-form.ts';

/** How a framing is called, and what it does, in a line. */
interface FramingWords {
  readonly choice: FramingChoice;
  /** Where there is room for two or three words. */
  readonly short: string;
  readonly label: string;
  readonly help: string;
  /** What sending adds, in words; empty where it adds nothing. */
  readonly adds: string;
  /** Offered first. */
  readonly common: boolean;
}

/** All framings, the common ones first. */
export const framingWords: readonly FramingWords[] = [
  {
    choice: 'raw',
    short: 'raw reads',
    label: 'Raw: each read is a row, as it came',
    help: 'Whatever one recv() returned is shown as one row.',
    adds: '',
    common: true,
  },
  {
    choice: 'lf',
    short: 'lines (LF)',
    label: 'Lines ending in LF',
    help: 'A message ends with a line feed, as readline() reads it.',
    adds: 'line feed at the end',
    common: true,
  },
  {
    choice: 'crlf',
    short: 'lines (CRLF)',
    label: 'Lines ending in CRLF',
    help: 'A message ends with \\r\\n, as in SMTP or many instruments.',
    adds: 'CRLF at the end',
    common: true,
  },
  {
    choice: 'json',
    short: 'JSON values',
    label: 'JSON values, one after the other',
    help: 'Each JSON value is a message, with or without line ends between them.',
    adds: '',
    common: true,
  },
  {
    choice: 'xml',
    short: 'XML documents',
    label: 'XML documents, one after the other',
    help: 'Each XML document is a message: it ends where its root element is closed.',
    adds: '',
    common: true,
  },
  {
    choice: 'length',
    short: 'length prefix',
    label: 'Length before each message',
    help: 'A number in front of each message says how many bytes recv() has to collect.',
    adds: 'length in front',
    common: true,
  },
  {
    choice: 'fixed',
    short: 'fixed length',
    label: 'Fixed length',
    help: 'Every message has the same number of bytes.',
    adds: 'padding up to the length',
    common: true,
  },
  {
    choice: 'cr',
    short: 'lines (CR)',
    label: 'Lines ending in CR',
    help: 'A message ends with a carriage return, as from many instruments.',
    adds: 'carriage return at the end',
    common: false,
  },
  {
    choice: 'delimiter',
    short: 'delimiter',
    label: 'Another delimiter, in hex',
    help: 'A message ends with bytes of your choice.',
    adds: 'delimiter at the end',
    common: false,
  },
  {
    choice: 'stx',
    short: 'STX … ETX',
    label: 'Between STX and ETX, with escapes',
    help: 'A message stands between a start and an end byte; an escape byte protects them inside of it.',
    adds: 'STX, ETX and escapes',
    common: false,
  },
  {
    choice: 'slip',
    short: 'SLIP',
    label: 'SLIP (RFC 1055)',
    help: 'A message ends with END (C0); END and ESC inside of it are escaped.',
    adds: 'SLIP ends and escapes',
    common: false,
  },
  {
    choice: 'cobs',
    short: 'COBS',
    label: 'COBS: zero bytes end messages',
    help: 'A message ends with 00, and is coded so that it holds no other zero byte.',
    adds: 'COBS code and a zero byte',
    common: false,
  },
  {
    choice: 'json-array',
    short: 'JSON array elements',
    label: 'Elements of JSON arrays',
    help: 'Each element of an array that never ends is a message.',
    adds: 'brackets around the value',
    common: false,
  },
  {
    choice: 'http',
    short: 'HTTP messages',
    label: 'HTTP/1 messages',
    help: 'Each request or response is a message, with its head and its body.',
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
    label: 'Between start bytes and a delimiter',
    help: 'A message begins with bytes of your choice and ends with others.',
    adds: 'start bytes and delimiter',
    common: false,
  },
  {
    choice: 'octet',
    short: 'octet counting',
    label: 'Octet counting of syslog (RFC 6587)',
    help: 'A decimal length and a space stand before each message.',
    adds: 'length and a space in front',
    common: false,
  },
  {
    choice: 'syslog',
    short: 'syslog',
    label: 'Syslog over TCP (RFC 6587)',
    help: 'A message that begins with a digit is counted; one that begins with < ends with a line feed.',
    adds: 'length and a space in front',
    common: false,
  },
  {
    choice: 'netstring',
    short: 'netstrings',
    label: 'Netstrings',
    help: 'A decimal length and a colon stand before each message, a comma after it.',
    adds: 'length in front, comma at the end',
    common: false,
  },
  {
    choice: 'mllp',
    short: 'MLLP (HL7)',
    label: 'MLLP of HL7 version 2',
    help: 'A message stands between VT (0b) and FS CR (1c 0d).',
    adds: 'VT, FS and CR',
    common: false,
  },
  {
    choice: 'lsp',
    short: 'LSP, DAP',
    label: 'LSP and DAP: Content-Length header',
    help: 'Header fields with a Content-Length stand before each message, as language servers send.',
    adds: 'Content-Length header',
    common: false,
  },
  {
    choice: 'xmpp',
    short: 'XMPP stanzas',
    label: 'XMPP stanzas',
    help: 'Each stanza in a stream element that stays open is a message.',
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
    help: 'A message ends with a line feed, but not inside of an IEEE 488.2 block.',
    adds: 'line feed at the end',
    common: false,
  },
  {
    choice: 'stomp',
    short: 'STOMP frames',
    label: 'STOMP frames',
    help: 'A command, header lines and a body that ends with NUL.',
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
    help: 'A type and a length begin each message; the first of a client has no type.',
    adds: '',
    common: false,
  },
  {
    choice: 'gap',
    short: 'silence between',
    label: 'Silence between messages',
    help: 'A message ends when nothing came for a while.',
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
