import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import type { Session, SessionLog } from '#session/session.ts';
import type { Scope } from '#shared/contract/models.ts';
import type { SaveFormat } from '#shared/export/export-formats.ts';
import { Boundaries } from '#shared/message/boundaries.ts';
import { acceptedSocket, answerOf, type SessionFolder } from '#support/session.ts';

const python = fileURLToPath(new URL('./peers/read_exports.py', import.meta.url));

/** What Python makes of an export. */
export async function readInPython<Line>(kind: 'csv' | 'sqlite' | 'tar', path: string): Promise<Line[]> {
  const { stdout, stderr } = await promisify(execFile)('python3', [python, kind, path], { maxBuffer: 512 * 1_048_576 });
  expect(stderr).toBe('');
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line);
}

/** Saves `scope` of `session` as `format` into `folder`; gives the path. */
export async function saved(
  session: Session,
  folder: SessionFolder,
  format: SaveFormat,
  scope: Scope = {},
): Promise<string> {
  const path = folder.file(`saved.${format}`);
  answerOf(await session.ask('save', { format, path, scope }));
  return path;
}

/** Bytes that are hard for one format or another. */
export const awkward: readonly Buffer[] = [
  Buffer.from('plain'),
  Buffer.from(''),
  Buffer.from('=1+1'),
  Buffer.from('a,"b"\r\nc\rd\ne,'),
  Buffer.from('"'),
  Buffer.from('nul\0inside'),
  Buffer.from('\ufeffmark'),
  Buffer.from('<script>alert(1)</script>]]>&amp;\'"><img src=x onerror=alert(1)>'),
  Buffer.from('\u202egnp.exe\u2066 \u001b[31m \u0085 \u2028'),
  Buffer.from([0xff, 0xfe, 0, 10, 13, 34, 44]),
  Buffer.from('€𝄞'.repeat(300_001)),
  Buffer.concat([Buffer.from('€'.repeat(400_000)), Buffer.from([0xe2, 0x82])]),
  Buffer.concat([Buffer.alloc(9 * 1_048_576, 'x'), Buffer.from([0])]),
  Buffer.alloc(8 * 1_048_576 + 1, 'y'),
];

/** “Zürich€” and a NUL, split inside of two characters. */
export const splitReads = ['5ac3', 'bc72696368e2', '82', 'ac', '00c3', 'bc'].map((hex) => Buffer.from(hex, 'hex'));

/** A session with the awkward messages in both directions of two sockets, and events, marks and reads. */
export function recordAwkward(log: SessionLog): void {
  log.describe(acceptedSocket);
  const local = { host: '127.0.0.1', port: 12_345, family: 4 } as const;
  log.event(1, Date.now(), { kind: 'accepted', local, peer: { ...local, port: 51_422 }, listener: 2 });
  log.describe({ ...acceptedSocket, id: 2, transport: 'udp', name: 'two, "quoted"', peer: '[::1]:9' });
  for (const [index, message] of awkward.entries()) {
    const boundaries = new Boundaries();
    boundaries.push(message.length + 3, 1, 2, index % 5 === 4 ? 3 : 0);
    const wire = Buffer.concat([Buffer.from('>'), message, Buffer.from('\r\n')]);
    const socket = index % 3 === 0 ? 2 : 1;
    log.read(socket, Date.now(), wire.length);
    log.messages(socket, index % 2 === 0 ? 'in' : 'out', Date.now(), new Uint8Array(0), wire, boundaries);
  }
  log.event(1, Date.now(), { kind: 'failed', call: 'recv', errno: 'ECONNRESET', text: 'a, "b"\n<i>' });
  log.event(1, Date.now(), { kind: 'closed', cause: 'reset-by-peer', bytesIn: 1, bytesOut: 2 });
}

/** A session of the awkward messages, with marks on two of its records. */
export async function awkwardSession(folder: SessionFolder): Promise<SessionLog> {
  const log = folder.create('a.wirebench');
  recordAwkward(log);
  await log.flush();
  answerOf(await log.mark(1, { bookmarked: true, note: 'a "note",\nwith <b>all</b>' }));
  answerOf(await log.mark(0, { note: 'at an event' }));
  return log;
}
