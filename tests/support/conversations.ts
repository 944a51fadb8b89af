import { readFileSync } from 'node:fs';

/** What two programs said to each other: the bytes of each side. */
export interface Conversation {
  readonly client: Uint8Array;
  readonly server: Uint8Array;
}

/** Reads a conversation that `tests/fixtures/conversations/record.py` recorded. */
export function recordedConversation(name: string): Conversation {
  const path = new URL(`../fixtures/conversations/${name}.json`, import.meta.url);
  const { client, server } = JSON.parse(readFileSync(path, 'utf8')) as { client: string; server: string };
  const bytesOf = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));
  return { client: bytesOf(client), server: bytesOf(server) };
}
