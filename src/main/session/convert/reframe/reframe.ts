import type { Failure, Result } from '#shared/failure.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { formatFraming } from '#shared/framing/spec.ts';
import type { SocketInfo } from '#shared/record/record.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import type { BlockIndex } from '../../format/block-index.ts';
import { cancelled, fileFailure } from '../../format/failures.ts';
import { SessionFile } from '../../format/session-file.ts';
import type { Question } from '../../query/asked-session.ts';
import type { ReaderJob } from '../../threads.ts';
import { inSlices } from '../../threads.ts';
import { TargetFile } from '../export/target-file.ts';
import { orderSession } from './ordered-session.ts';
import { ReframedSession } from './reframed-session.ts';

/** Re-frames streams of what is on disk now into a new session; this one is not changed. */
export const reframe: Question<ReframeInput, Reframed> = (input, { reader }, job) =>
  reframed(reader, { ...input, ...job });

export interface ReframeInput {
  readonly framing: FramingSpec;
  /** The sockets whose streams are re-framed; all if omitted. Sockets that carry messages are not changed. */
  readonly sockets?: readonly number[] | undefined;
  /** If no sockets are named: only those of this endpoint. */
  readonly endpoint?: string | undefined;
  /** The session file to create. An existing file is never overwritten. */
  readonly path: string;
  /** The new session's name. */
  readonly name: string;
  readonly appVersion: string;
}

/** The result of re-framing a session. */
export interface Reframed {
  readonly path: string;
  readonly records: number;
  readonly messages: number;
  /** Sockets whose streams were re-framed. */
  readonly sockets: number;
  /** The size of the new file. */
  readonly bytes: number;
  /** What was not re-framed, in sentences; empty if nothing. The last record of the new session says it too. */
  readonly notice: string;
}

/**
 * Re-frames the streams of some sockets of `session`, as it is now, into a new session file. Leaves no file if it fails,
 * and never overwrites one. Fails with `not-found` if a socket is not in the session, with `wrong-state`
 * if there is no stream to re-frame, with `file`, and with `cancelled`.
 */
export async function reframed(
  session: { readonly index: BlockIndex; view(): { readonly notice: string } },
  job: ReframeInput & ReaderJob,
): Promise<Result<Reframed>> {
  const { path, framing, name, appVersion } = job;
  const { index } = session;
  const tried = `Could not re-frame the session as ${formatFraming(framing)}`;
  const chosen = chosenSockets(index.sockets, job.sockets ?? socketsOf(index.sockets, job.endpoint), tried);
  if ('code' in chosen) return failed(chosen);
  // If the file is only truncated or still being written, everything before that was read.
  const notice = () => (index.damage ? session.view().notice : '');
  const options = { framing, chosen, name, appVersion, notice };
  // The second file is only needed to sort the records by time.
  const targets: TargetFile[] = [];
  try {
    const target = new TargetFile(path, 'new');
    targets.push(target);
    const written = await inSlices(new ReframedSession(index, options, target).write(), job);
    let last: TargetFile | undefined = written && target;
    if (written && !written.isOrdered) last = await inOrder(target, path, targets, job);
    if (written === undefined || last === undefined) {
      return failed(cancelled(`Re-framing the session as ${formatFraming(framing)}`));
    }
    last.finish();
    targets.splice(targets.indexOf(last), 1);
    const { records, messages, notice } = written;
    return {
      ok: true,
      value: { path, records, messages, notice, sockets: streamsOf(index.sockets, chosen), bytes: last.bytes },
    };
  } catch (error) {
    return failed(fileFailure(`Could not create the session “${path}”`, error));
  } finally {
    for (const target of targets) target.abandon();
  }
}

/** Writes the records of `unordered` in the order of time to another target for `path`; returns it, `undefined` if cancelled. */
async function inOrder(
  unordered: TargetFile,
  path: string,
  targets: TargetFile[],
  job: ReaderJob,
): Promise<TargetFile | undefined> {
  const file = new SessionFile(unordered.writtenPath());
  try {
    const target = new TargetFile(path, 'new');
    targets.push(target);
    const done = await inSlices(orderSession(file, target), job);
    return done && target;
  } finally {
    file.close();
  }
}

/** Returns the sockets of `endpoint`; `undefined` for all of the session. */
function socketsOf(infos: ReadonlyMap<number, SocketInfo>, endpoint: string | undefined): number[] | undefined {
  if (endpoint === undefined) return undefined;
  return [...infos.values()].filter((info) => info.endpoint === endpoint).map(({ id }) => id);
}

/** Returns those of the `wanted` sockets that carry a stream, or all that do. */
function chosenSockets(
  infos: ReadonlyMap<number, SocketInfo>,
  wanted: readonly number[] | undefined,
  message: string,
): Set<number> | Failure {
  const chosen = new Set<number>();
  for (const id of wanted ?? infos.keys()) {
    const info = infos.get(id);
    if (info === undefined) {
      const hint = `The session has ${infos.size} sockets. List them with wirebench log stats, or see the traffic.`;
      return { code: 'not-found', message, system: `there is no socket ${id}`, hint };
    }
    if (!abilitiesOf(info.transport).messageOriented) chosen.add(id);
  }
  if (chosen.size > 0) return chosen;
  const system = wanted === undefined ? 'it has no socket with a stream' : 'none of the sockets has a stream';
  const hint = 'Only streams can be re-framed: UDP and WebSocket carry complete messages.';
  return { code: 'wrong-state', message, system, hint };
}

/** Returns how many of the sockets carry a stream; a listener is re-framed only by name. */
function streamsOf(infos: ReadonlyMap<number, SocketInfo>, chosen: ReadonlySet<number>): number {
  let count = 0;
  for (const id of chosen) if (infos.get(id)?.role !== 'listener') count += 1;
  return count;
}

function failed(error: Failure): { readonly ok: false; readonly error: Failure } {
  return { ok: false, error };
}
