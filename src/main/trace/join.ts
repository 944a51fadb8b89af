import { createHash } from 'node:crypto';
import { createConnection, type Socket } from 'node:net';
import { join } from 'node:path';
import { fail, ok, type Result } from '#shared/failure.ts';

/*
 * How `wirebench trace` hands a program to the running app: one line of JSON each way, over a local socket that only this user can
 * reach. The app then reads the calls; the connection stays open as long as the program runs.
 */

/** What `wirebench trace` asks for: the folder of the channel, and the command that it runs. */
export interface JoinRequest {
  readonly folder: string;
  readonly command: readonly string[];
}

/** The app's answer: its process, and the name of the session that it records. */
interface JoinAnswer {
  readonly pid: number;
  readonly session: string;
}

/** The maximum length of a request or an answer, in UTF-16 units. */
export const maxJoinLength = 65_536;

const maxWords = 1_000;
/** An app that does not answer within this time is not waited for. */
const answerMs = 2_000;

/** Returns the address at which the app with this data folder listens: a socket in it, on Windows a named pipe. */
export function joinAddress(home: string): string {
  if (process.platform !== 'win32') return join(home, 'trace.sock');
  return `\\\\.\\pipe\\wirebench-${createHash('sha256').update(home).digest('hex').slice(0, 32)}`;
}

/** Returns the request in `line`; `undefined` if it is not one. */
export function readJoinRequest(line: string): JoinRequest | undefined {
  const { folder, command } = jsonObject(line);
  if (typeof folder !== 'string' || !Array.isArray(command)) return undefined;
  const words = command.slice(0, maxWords).filter((word) => typeof word === 'string');
  return words.length > 0 ? { folder, command: words } : undefined;
}

function jsonObject(line: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(line));
  } catch {
    return {};
  }
}

/** A program that the app follows. Ending the connection says that the program has ended. */
interface Joined extends JoinAnswer {
  readonly connection: Socket;
}

/**
 * Asks the running app to follow a program. Returns `undefined` if no app runs, or it does not answer; fails if it refuses.
 */
export async function joinApp(home: string, request: JoinRequest): Promise<Result<Joined | undefined>> {
  const connection = createConnection(joinAddress(home));
  const { promise, resolve } = Promise.withResolvers<Result<Joined | undefined>>();
  const timer = setTimeout(() => resolve(ok(undefined)), answerMs);
  let received = '';
  connection.setEncoding('utf8');
  connection.on('connect', () => connection.write(`${JSON.stringify(request)}\n`));
  connection.on('error', () => resolve(ok(undefined)));
  connection.on('close', () => resolve(ok(undefined)));
  connection.on('data', (text: string) => {
    received += text;
    if (received.includes('\n') || received.length > maxJoinLength) resolve(readAnswer(received, connection));
  });
  const answered = await promise;
  clearTimeout(timer);
  if (!answered.ok || answered.value === undefined) connection.destroy();
  return answered;
}

function readAnswer(line: string, connection: Socket): Result<Joined | undefined> {
  const { pid, session, refused } = jsonObject(line);
  if (typeof refused === 'string') {
    const hint = 'Use --no-app to print the calls instead.';
    return fail('wrong-state', 'Could not follow the program in the running app', { system: refused, hint });
  }
  if (typeof pid !== 'number' || typeof session !== 'string') return ok(undefined);
  return ok({ pid, session, connection });
}
