import type { Engine } from '#engine/engine.ts';
import type { ListPlace } from '#jobs/send-list.ts';
import { batchLimit, type Sender } from '#jobs/sender.ts';
import { type Failure, fail, ok, type Result } from '#shared/failure.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { isUnframeable } from '#shared/framing/framing.ts';
import { encodeMessage } from '#shared/framing/spec.ts';
import { type PayloadProblem, problemText } from '#shared/payload/problem.ts';
import { parseHostPort } from '#shared/socket/address.ts';
import type { Scope } from '#shared/template/scope.ts';
import type { EnvironmentValues, PreparedPayload } from '#workspace/payload-bytes.ts';

/** A payload with everything that its template reads, apart from the socket. */
export interface Ready {
  readonly payload: PreparedPayload;
  readonly environment: EnvironmentValues;
  readonly sources: Scope['sources'];
  readonly usesSecret: boolean;
  readonly path?: string | undefined;
  readonly framing?: FramingSpec | undefined;
}

/** Payloads that are sent one after another. */
export interface Series {
  readonly usesSecret: boolean;
  /** Returns what sends a message of the payload at `index`. */
  sender(index: number, place: ListPlace): Sender;
}

/** The values of no environment. */
export const nothing: EnvironmentValues = { variables: {}, secrets: {}, missingSecrets: [] };

/** Returns the bytes of the next message of a template, with the framing of the payload itself. */
export function messageBytes(ready: Ready, scope: Scope): Result<Uint8Array> {
  const { payload, environment, usesSecret } = ready;
  const bytes = usesSecret ? payload.shownBytes(scope, environment) : payload.bytes(scope);
  if (bytes.ok) return framedBy(ready, bytes.value);
  return { ok: false, error: renderFailure(bytes.problem, ready.path) };
}

/** The next messages of one socket, and why there are no more of them, if one could not be made. */
interface SocketMessages {
  readonly socket: number;
  readonly messages: Uint8Array[];
  error?: Failure;
}

/**
 * Renders the next messages of a template for each socket, from number `first`: as many as `batchLimit`
 * allows of `count`. `made` is the number of messages of the socket that has the most.
 */
export function renderBatch(
  ready: Ready,
  scopes: ReadonlyMap<number, Scope>,
  { first, count }: { readonly first: number; readonly count: number },
): { readonly made: number; readonly batches: SocketMessages[] } {
  const batches: SocketMessages[] = [...scopes.keys()].map((socket) => ({ socket, messages: [] }));
  const isOpen = batchLimit(count);
  let bytes = 0;
  let made = 0;
  for (let isMade = true; isMade && isOpen(made, bytes); made += isMade ? 1 : 0) {
    isMade = false;
    for (const batch of batches) {
      const scope = scopes.get(batch.socket);
      if (batch.error || !scope) continue;
      const rendered = messageBytes(ready, { ...scope, message: first + made });
      if (rendered.ok) {
        isMade = true;
        bytes += rendered.value.length;
        batch.messages.push(rendered.value);
      } else batch.error = rendered.error;
    }
  }
  return { made, batches };
}

/** Returns what a template can read of the connection of a socket; empty if it is not listed. */
export function connectionOf(
  engine: Pick<Engine, 'socket' | 'config'>,
  socket: number,
): NonNullable<Scope['connection']> {
  const view = engine.socket(socket);
  const config = view && engine.config(view.endpoint);
  if (!view || !config) return {};
  const { local, peer } = view;
  const { host = peer, port } = parseHostPort(peer) ?? {};
  return { localAddress: local, remoteAddress: peer, host, port, name: config.name, transport: config.transport };
}

/** Returns the scope of a payload that is not a template. */
export function emptyScope({ sources }: Ready): Scope {
  return { counters: new Map(), sources };
}

/** Returns the failure of a payload that cannot be made into bytes; `path` names the payload. */
export function renderFailure(problem: PayloadProblem, path?: string): Failure {
  const tried = `Could not make the bytes of ${subjectOf(path)}`;
  return fail('bad-input', tried, { system: problemText(problem), hint: 'Correct the payload.' }).error;
}

/** Adds the framing of the payload itself, if it has one. */
function framedBy({ framing, path }: Ready, bytes: Uint8Array): Result<Uint8Array> {
  if (!framing) return ok(bytes);
  const framed = encodeMessage(framing, bytes);
  if (!isUnframeable(framed)) return ok(framed.bytes);
  const tried = `Could not frame ${subjectOf(path)}`;
  return fail('bad-input', tried, { system: framed.problem, hint: 'Use another framing.' });
}

function subjectOf(path: string | undefined): string {
  return path === undefined ? 'the payload' : `“${path}”`;
}
