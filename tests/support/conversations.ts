import { readFileSync } from 'node:fs';

/** What two programs said to each other: the bytes of each side. */
export interface Conversation {
  readonly client: Uint8Array;
  readonly server: Uint8Array;
}

/** Each recorded conversation with its protocol or framing, and how many messages each side sends. */
export const recordedConversations = [
  ['amqp', 'amqp', 26, 25],
  ['bgp', 'bgp', 5, 5],
  ['cassandra', 'cassandra', 5, 5],
  ['dap', 'dap', 4, 13],
  ['dns', 'dns', 3, 3],
  ['fix', 'fix', 4, 4],
  ['hl7', 'hl7', 3, 3],
  ['http', 'http', 3, 3],
  ['http2', 'http2', 10, 6],
  ['irc', 'irc', 6, 37],
  ['kafka-consume', 'kafka', 11, 10],
  ['kafka-produce', 'kafka', 6, 6],
  ['lsp', 'lsp', 6, 3],
  ['modbus', 'modbus', 6, 6],
  ['mongodb', 'mongodb', 3, 3],
  ['mqtt', 'mqtt', 6, 5],
  ['mysql', 'mysql', 9, 22],
  ['netstring', 'netstring', 1, 1],
  ['openflow', 'openflow', 2, 4],
  ['postgres', 'postgres', 4, 25],
  ['postgres-plain', 'postgres', 3, 24],
  ['redis', 'redis', 4, 4],
  ['redis-inline', 'redis', 4, 4],
  ['scpi', 'scpi', 3, 3],
  ['smtp', 'smtp', 9, 9],
  ['stomp', 'stomp', 6, 5],
  ['syslog', 'syslog', 8, 0],
  ['tls', 'tls', 5, 11],
  ['xmpp', 'xmpp', 8, 10],
] as const;

/** Returns the names of the recorded conversations of a protocol. */
export function conversationsOf(protocol: string): readonly string[] {
  return recordedConversations.filter(([, spoken]) => spoken === protocol).map(([name]) => name);
}

/** Reads a conversation that `tests/fixtures/conversations/record.py` recorded. */
export function recordedConversation(name: string): Conversation {
  const path = new URL(`../fixtures/conversations/${name}.json`, import.meta.url);
  const { client, server } = JSON.parse(readFileSync(path, 'utf8')) as { client: string; server: string };
  const bytesOf = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));
  return { client: bytesOf(client), server: bytesOf(server) };
}
