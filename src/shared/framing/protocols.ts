/** A protocol that people name rather than its framing. */
export interface Protocol {
  /** What it is called on the command line. */
  readonly name: string;
  readonly title: string;
  /** Its framing, in the command line's spelling. */
  readonly framing: string;
}

const amqpHeader = '414d515000000901';
const http2Preface = '505249202a20485454502f322e300d0a0d0a534d0d0a0d0a';

/** The protocols whose framing can be chosen by name, in the order of docs/framing.md. */
export const protocols: readonly Protocol[] = [
  { name: 'amqp', title: 'AMQP 0-9-1', framing: `len:4be:at3:adj1:tail1:first${amqpHeader}` },
  { name: 'bgp', title: 'BGP', framing: `len:2be:incl:start${'ff'.repeat(16)}` },
  { name: 'cassandra', title: 'Cassandra (CQL, versions 3 and 4)', framing: 'len:4be:at5' },
  { name: 'dap', title: 'Debug Adapter Protocol', framing: 'lsp' },
  { name: 'diameter', title: 'Diameter', framing: 'len:3be:at1:incl' },
  { name: 'dns', title: 'DNS over TCP or TLS', framing: 'len:2be' },
  { name: 'fix', title: 'FIX, tag=value', framing: 'fix' },
  { name: 'hl7', title: 'HL7 version 2 over MLLP', framing: 'mllp' },
  { name: 'http', title: 'HTTP/1', framing: 'http' },
  { name: 'http2', title: 'HTTP/2', framing: `len:3be:adj6:first${http2Preface}` },
  { name: 'irc', title: 'IRC', framing: 'line:crlf' },
  { name: 'jsonl', title: 'JSON Lines, NDJSON', framing: 'line' },
  { name: 'kafka', title: 'Apache Kafka', framing: 'len:4be' },
  { name: 'lsp', title: 'Language Server Protocol', framing: 'lsp' },
  { name: 'modbus', title: 'Modbus TCP', framing: 'len:2be:at4' },
  { name: 'mongodb', title: 'MongoDB', framing: 'len:4le:incl' },
  { name: 'mqtt', title: 'MQTT', framing: 'len:varint:at1' },
  { name: 'mysql', title: 'MySQL, MariaDB', framing: 'len:3le:adj1' },
  { name: 'nmea', title: 'NMEA 0183', framing: 'line:crlf' },
  { name: 'openflow', title: 'OpenFlow', framing: 'len:2be:at2:incl' },
  { name: 'postgres', title: 'PostgreSQL', framing: 'postgres' },
  { name: 'redis', title: 'Redis', framing: 'resp' },
  { name: 's7', title: 'S7, RDP and others over TPKT', framing: 'len:2be:at2:incl:start03' },
  { name: 'scpi', title: 'SCPI', framing: 'scpi' },
  { name: 'smtp', title: 'SMTP', framing: 'line:crlf' },
  { name: 'stomp', title: 'STOMP', framing: 'stomp' },
  { name: 'syslog', title: 'Syslog over TCP or TLS', framing: 'octet' },
  { name: 'tls', title: 'TLS records', framing: 'len:2be:at3' },
  { name: 'xmpp', title: 'XMPP', framing: 'xmpp' },
];

/** Finds the framing of a protocol by its name. */
export function framingOfProtocol(name: string): string | undefined {
  return protocols.find((protocol) => protocol.name === name)?.framing;
}
