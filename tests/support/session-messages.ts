import { createSessionFile, jsonBlock, recordsBlock } from '#session/format/outgoing-block.ts';
import { LogFile } from '#session/record/log-file.ts';
import { Recorder } from '#session/record/recorder.ts';
import { Boundaries } from '#shared/message/boundaries.ts';
import { blockTypes } from '#shared/record/block.ts';
import type { SocketInfo } from '#shared/record/record.ts';
import { sessionFormat, sessionVersion } from '#shared/record/session-json.ts';

/** A message to be in a session. */
export interface Message {
  readonly socket: number;
  readonly direction: 'in' | 'out';
  /** Milliseconds after the session's start. */
  readonly at: number;
  readonly bytes: Uint8Array;
  /** A sum of `messageFlags`. */
  readonly flags?: number;
}

export const messagesStartAt = 1_800_000_000_000;

/** A TCP socket as a session knows it; `role` is `accepted` where it is left out. */
export function socketInfo(id: number, role: SocketInfo['role'] = 'accepted'): SocketInfo {
  const ends = { local: '127.0.0.1:12345', peer: `127.0.0.1:${id}` };
  return { id, role, transport: 'tcp', endpoint: 'server-1', name: 'server', ...ends, framing: 'line' };
}

/** Writes a session of `messages` to `path`, without any thread. `outgoing`: sockets that connected. */
export function writeMessages(
  path: string,
  messages: readonly Message[],
  outgoing: readonly number[] = [],
  options: ConstructorParameters<typeof Recorder>[1] = { capacity: 64, payloadCapacity: 16_384 },
): void {
  const header = { format: sessionFormat, version: sessionVersion, app: 'test', id: 'id', name: 'messages' } as const;
  const created = createSessionFile(path, { ...header, createdAt: '' });
  if ('code' in created) throw new Error(created.system);
  const file = new LogFile(path, created.length);
  const append = (block: Parameters<LogFile['append']>[0][number]) => {
    const failure = file.append([block]);
    if (failure) throw new Error(failure.system);
  };
  const recorder = new Recorder(
    {
      sockets: (infos) => append(jsonBlock(blockTypes.sockets, infos, file.next)),
      records: (block) => append(recordsBlock(block)),
      reads: () => undefined,
      awaited: () => undefined,
    },
    { maxAgeMs: 1_000_000, ascending: false, ...options },
  );
  for (const id of new Set(messages.map(({ socket }) => socket))) {
    recorder.describe(socketInfo(id, outgoing.includes(id) ? 'outgoing' : 'accepted'));
  }
  for (const { socket, direction, at, bytes, flags = 0 } of messages) {
    const boundaries = new Boundaries();
    boundaries.push(bytes.length, 0, 0, flags);
    recorder.messages(socket, direction, messagesStartAt + at, new Uint8Array(0), bytes, boundaries);
  }
  recorder.flush();
  const { next: records, messages: count, bytes, problems } = recorder;
  recorder.stop();
  append(jsonBlock(blockTypes.end, { records, messages: count, bytes, problems }, file.next));
  file.close();
}
