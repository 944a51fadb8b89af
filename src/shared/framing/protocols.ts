/** A protocol by whose name a framing can be selected. */
export interface Protocol {
  /** Its name on the command line. */
  readonly name: string;
  readonly title: string;
  /** Its framing, in the command line's spelling. */
  readonly framing: string;
  /** Returns true for bytes, framing included, that can be message `index` of the protocol. Left out if any can. */
  fits?(message: Uint8Array, index: number): boolean;
}

const oneOf = (byte: number | undefined, ...known: readonly number[]) => byte !== undefined && known.includes(byte);
/** Returns the first bytes as text. */
const startOf = (message: Uint8Array) => String.fromCharCode(...message.subarray(0, 8));
const between = (byte: number | undefined, least: number, most: number) =>
  byte !== undefined && byte >= least && byte <= most;

const amqpHeader = '414d515000000901';
const http2Preface = '505249202a20485454502f322e300d0a0d0a534d0d0a0d0a';

/** The protocols by whose name a framing can be selected, in the order of docs/framing.md. */
export const protocols: readonly Protocol[] = [
  {
    name: 'amqp',
    title: 'AMQP 0-9-1',
    framing: `len:4be:at3:adj1:tail1:first${amqpHeader}`,
    fits: (message) =>
      startOf(message).startsWith('AMQP') || (oneOf(message[0], 1, 2, 3, 8) && message[message.length - 1] === 0xce),
  },
  {
    name: 'bgp',
    title: 'BGP',
    framing: `len:2be:incl:start${'ff'.repeat(16)}`,
    fits: (message) => between(message[18], 1, 5),
  },
  {
    name: 'cassandra',
    title: 'Cassandra (CQL, versions 3 and 4)',
    framing: 'len:4be:at5',
    fits: (message) => oneOf(message[0], 0x03, 0x04, 0x83, 0x84) && between(message[4], 0, 0x10),
  },
  { name: 'dap', title: 'Debug Adapter Protocol', framing: 'lsp' },
  {
    name: 'diameter',
    title: 'Diameter',
    framing: 'len:3be:at1:incl',
    fits: (message) => message[0] === 1 && message.length >= 20,
  },
  {
    name: 'dns',
    title: 'DNS over TCP or TLS',
    framing: 'len:2be',
    fits: (message) =>
      message.length >= 14 &&
      between((message[4] as number) & 0x78, 0, 0x28) &&
      message[6] === 0 &&
      between(message[7], 0, 2),
  },
  { name: 'fix', title: 'FIX, tag=value', framing: 'fix' },
  {
    name: 'hl7',
    title: 'HL7 version 2 over MLLP',
    framing: 'mllp',
    fits: (message) => startOf(message).startsWith('\x0bMSH'),
  },
  { name: 'http', title: 'HTTP/1', framing: 'http' },
  {
    name: 'http2',
    title: 'HTTP/2',
    framing: `len:3be:adj6:first${http2Preface}`,
    fits: (message, index) =>
      (index === 0 && startOf(message).startsWith('PRI')) || (message.length >= 9 && between(message[3], 0, 10)),
  },
  {
    name: 'irc',
    title: 'IRC',
    framing: 'line:crlf',
    fits: (message, index) => index > 0 || /^(?::|(?:NICK|USER|PASS|CAP|NOTICE|PING) )/.test(startOf(message)),
  },
  {
    name: 'jsonl',
    title: 'JSON Lines, NDJSON',
    framing: 'line',
    fits: (message) => oneOf(message[0], 0x5b, 0x7b),
  },
  { name: 'kafka', title: 'Apache Kafka', framing: 'len:4be' },
  { name: 'lsp', title: 'Language Server Protocol', framing: 'lsp' },
  {
    name: 'modbus',
    title: 'Modbus TCP',
    framing: 'len:2be:at4',
    fits: (message) => message[2] === 0 && message[3] === 0 && message.length >= 8 && message.length <= 260,
  },
  {
    name: 'mongodb',
    title: 'MongoDB',
    framing: 'len:4le:incl',
    fits: (message) => message.length >= 16 && oneOf(message[13], 0x07, 0) && message[14] === 0 && message[15] === 0,
  },
  {
    name: 'mqtt',
    title: 'MQTT',
    framing: 'len:varint:at1',
    fits: (message) =>
      between((message[0] as number) >> 4, 1, 15) &&
      oneOf(
        (message[0] as number) & 0x0f,
        0,
        2,
        ...((message[0] as number) >> 4 === 3 ? [1, 3, 4, 5, 8, 9, 10, 11, 12, 13] : []),
      ),
  },
  {
    name: 'mysql',
    title: 'MySQL, MariaDB',
    framing: 'len:3le:adj1',
    fits: (message, index) => (index > 0 || between(message[3], 0, 1)) && message.length > 4,
  },
  {
    name: 'nmea',
    title: 'NMEA 0183',
    framing: 'line:crlf',
    fits: (message) => oneOf(message[0], 0x24, 0x21),
  },
  {
    name: 'openflow',
    title: 'OpenFlow',
    framing: 'len:2be:at2:incl',
    fits: (message) => between(message[0], 1, 6) && between(message[1], 0, 35) && message.length >= 8,
  },
  { name: 'postgres', title: 'PostgreSQL', framing: 'postgres' },
  { name: 'redis', title: 'Redis', framing: 'resp' },
  {
    name: 's7',
    title: 'S7, RDP and others over TPKT',
    framing: 'len:2be:at2:incl:start03',
    fits: (message) => message[1] === 0 && between(message[5], 0x10, 0xf0),
  },
  { name: 'scpi', title: 'SCPI', framing: 'scpi' },
  {
    name: 'smtp',
    title: 'SMTP',
    framing: 'line:crlf',
    fits: (message, index) => index > 0 || /^(?:220[ -]|[EH][HE]LO )/i.test(startOf(message)),
  },
  { name: 'stomp', title: 'STOMP', framing: 'stomp' },
  { name: 'syslog', title: 'Syslog over TCP or TLS', framing: 'syslog' },
  {
    name: 'tls',
    title: 'TLS records',
    framing: 'len:2be:at3',
    fits: (message) => between(message[0], 20, 24) && message[1] === 3 && between(message[2], 0, 4),
  },
  { name: 'xmpp', title: 'XMPP', framing: 'xmpp' },
];

/** Returns the framing of the protocol with this name. */
export function framingOfProtocol(name: string): string | undefined {
  return protocols.find((protocol) => protocol.name === name)?.framing;
}
