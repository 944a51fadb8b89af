import type { Failure, Result } from '#shared/failure.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { formatFraming } from '#shared/framing/spec.ts';
import type { SocketInfo } from '#shared/record/record.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import { TargetFile } from '../exports/target-file.ts';
import { cancelled, fileFailure } from '../file-failure.ts';
import type { BlockIndex } from '../reading/block-index.ts';
import { SessionFile } from '../reading/session-file.ts';
import { inSlices } from '../reading/slices.ts';
import type { ReaderTask } from '../task.ts';
import { orderSession } from './ordered-session.ts';
import { ReframedSession } from './reframed-session.ts';

export interface ReframeInput {
  readonly framing: FramingSpec;
  /** The sockets whose streams are split; all where it is left out. Those that carry messages stay as they are. */
  readonly sockets?: readonly number[] | undefined;
  /** Where no sockets are named: those of this endpoint alone. */
  readonly endpoint?: string | undefined;
  /** The session file to make. One that exists is never overwritten. */
  readonly path: string;
  /** The new session's name. */
  readonly name: string;
  readonly appVersion: string;
}

/** What re-framing a session made. */
export interface Reframed {
  readonly path: string;
  readonly records: number;
  readonly messages: number;
  /** Sockets whose streams were re-framed. */
  readonly sockets: number;
  /** Size of the written file. */
  readonly bytes: number;
  /** What of the session could not be taken, in sentences; empty where all was. The new one's last record says it too. */
  readonly notice: string;
}

/**
 * Makes a session file of what `session` has now, in which the streams of some sockets are cut by another framing. Whole
 * or not at all, and never over a file. Fails as `not-found` where a socket is none of the session's, as `wrong-state`
 * where there is no stream to cut, as `file`, as `cancelled`.
 */
export async function reframe(
  session: { readonly index: BlockIndex; view(): { readonly notice: string } },
  job: ReframeInput & ReaderTask,
): Promise<Result<Reframed>> {
  const { path, framing, name, appVersion } = job;
  const { index } = session;
  const tried = `Could not frame the session as ${formatFraming(framing)}`;
  const chosen = chosenSockets(index.sockets, job.sockets ?? socketsOf(index.sockets, job.endpoint), tried);
  if ('code' in chosen) return failed(chosen);
  // A file that is only cut off or still being written has nothing behind what was read.
  const notice = () => (index.cut ? session.view().notice : '');
  const options = { framing, chosen, name, appVersion, notice };
  // The second one is only needed where the records are to be put in the order of time.
  const targets: TargetFile[] = [];
  try {
    const target = new TargetFile(path, 'new');
    targets.push(target);
    const written = await inSlices(new ReframedSession(index, options, target).write(), job);
    let last: TargetFile | undefined = written && target;
    if (written && !written.isOrdered) last = await inOrder(target, path, targets, job);
    if (written === undefined || last === undefined) {
      return failed(cancelled(`Framing the session as ${formatFraming(framing)}`));
    }
    last.finish();
    targets.splice(targets.indexOf(last), 1);
    const { records, messages, notice } = written;
    return {
      ok: true,
      value: { path, records, messages, notice, sockets: streamsOf(index.sockets, chosen), bytes: last.bytes },
    };
  } catch (error) {
    return failed(fileFailure(`Could not make the session “${path}”`, error));
  } finally {
    for (const target of targets) target.abandon();
  }
}

/** Writes what `unordered` has in the order of time to a further target for `path`; gives that, `undefined` where cancelled. */
async function inOrder(
  unordered: TargetFile,
  path: string,
  targets: TargetFile[],
  job: ReaderTask,
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

/** The sockets of `endpoint`; `undefined` where all of the session are meant. */
function socketsOf(infos: ReadonlyMap<number, SocketInfo>, endpoint: string | undefined): number[] | undefined {
  if (endpoint === undefined) return undefined;
  return [...infos.values()].filter((info) => info.endpoint === endpoint).map(({ id }) => id);
}

/** The sockets that are meant: those of `wanted` that carry a stream, or all that do. */
function chosenSockets(
  infos: ReadonlyMap<number, SocketInfo>,
  wanted: readonly number[] | undefined,
  message: string,
): Set<number> | Failure {
  const chosen = new Set<number>();
  for (const id of wanted ?? infos.keys()) {
    const info = infos.get(id);
    if (info === undefined) {
      const hint = `The session has ${infos.size} sockets. See which with wirebench log stats, or in the traffic.`;
      return { code: 'not-found', message, system: `there is no socket ${id}`, hint };
    }
    if (!abilitiesOf(info.transport).messageOriented) chosen.add(id);
  }
  if (chosen.size > 0) return chosen;
  const system = wanted === undefined ? 'it has no socket with a stream' : 'none of the sockets has a stream';
  const hint = 'UDP and WebSocket carry messages, which are as they were sent: there is nothing to cut.';
  return { code: 'wrong-state', message, system, hint };
}

/** How many of the sockets carry a stream; a listener is re-framed only by name. */
function streamsOf(infos: ReadonlyMap<number, SocketInfo>, chosen: ReadonlySet<number>): number {
  let count = 0;
  for (const id of chosen) if (infos.get(id)?.role !== 'listener') count += 1;
  return count;
}

function failed(error: Failure): { readonly ok: false; readonly error: Failure } {
  return { ok: false, error };
}
