import type { Engine } from '#engine/engine.ts';
import type { ListPlace } from '#jobs/send-list.ts';
import {
  type BatchOutcome,
  type BatchRequest,
  JointProgress,
  repeatedBytes,
  type Sender,
  type SendOutcome,
  type SendRequest,
} from '#jobs/sender.ts';
import type { CallOutput } from '#shared/contract/contract.ts';
import type { WrittenPayload } from '#shared/contract/documents.ts';
import { ok, type Result } from '#shared/failure.ts';
import { formatFraming } from '#shared/framing/spec.ts';
import type { PayloadProblem } from '#shared/payload/problem.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import type { Scope } from '#shared/template/scope.ts';
import type { SecretStore } from '#workspace/secrets.ts';
import type { Workspace } from '#workspace/workspace.ts';
import {
  connectionOf,
  emptyScope,
  messageBytes,
  nothing,
  type Ready,
  renderBatch,
  renderFailure,
  type Series,
} from './message-bytes.ts';

/** The workspace that payloads are read from. */
export interface PayloadWorkspace {
  readonly files: Workspace;
  readonly secrets: SecretStore;
}

/** What the payloads need of the workbench, or of the command. */
interface PayloadParts {
  readonly engine: Pick<Engine, 'send' | 'sendBatch' | 'socket' | 'config'>;
  /** Returns the payload of the message that was received last on a socket; `undefined` without one, and for one that is too long. */
  readonly lastReceived: (socket: number) => Promise<Uint8Array | undefined>;
  readonly workspace: () => Promise<Result<PayloadWorkspace>>;
}

/** A payload of a series: `path` names it in failures. */
export interface SeriesPayload extends WrittenPayload {
  readonly path?: string;
}

/** The last value of each counter, by socket. */
type Counters = Map<number, Map<string, number | bigint>>;

/** What the values of a message depend on, apart from its socket. */
interface MessageState extends Partial<ListPlace> {
  readonly counters: Counters;
  readonly message: number;
}

/** Sockets whose counters are kept between sends. */
const maxCounted = 10_000;
/** The bytes of a preview. */
const maxPreviewBytes = 65_536;

/** Makes the bytes of messages from payloads as they are written, for each socket and each message. */
export class WrittenPayloads {
  readonly #parts: PayloadParts;
  /** Of single sends: a counter continues with the next send on the socket. */
  readonly #counters: Counters = new Map();

  constructor(parts: PayloadParts) {
    this.#parts = parts;
  }

  /** Returns what sends one message of `payload` after another; its counters start at their beginning. */
  async sender(payload: WrittenPayload): Promise<Result<Sender>> {
    const prepared = await this.#prepareAll([payload]);
    if (!prepared.ok) return prepared;
    const [ready] = prepared.value as [Ready];
    const counters: Counters = new Map();
    let message = 0;
    const send: Sender['send'] = (sockets, request) => {
      message += 1;
      return this.#send(ready, sockets, request, { counters, message });
    };
    // The last received message may be another one for each message.
    if (ready.payload.names.has('last')) return ok({ send });
    return ok({
      send,
      sendBatch: (sockets, request, count) => {
        const { made, outcomes } = this.#sendBatch(ready, sockets, request, { counters, message: message + 1, count });
        message += made;
        return outcomes;
      },
    });
  }

  /**
   * Returns what sends messages of the payloads. Counters start at their beginning, and continue from one payload to
   * the other. Fails with the first payload that cannot be sent.
   */
  async series(payloads: readonly SeriesPayload[]): Promise<Result<Series>> {
    const prepared = await this.#prepareAll(payloads);
    if (!prepared.ok) return prepared;
    const counters: Counters = new Map();
    return ok({
      usesSecret: prepared.value.some(({ usesSecret }) => usesSecret),
      sender: (index, place) => ({
        send: (sockets, request) =>
          this.#send(prepared.value[index] as Ready, sockets, request, { counters, ...place }),
      }),
    });
  }

  /** Sends one message of `payload` to each socket. Counters continue from the last single send on the socket. */
  async send(
    payload: WrittenPayload,
    sockets: readonly number[],
    request: Omit<SendRequest, 'bytes' | 'file'>,
  ): Promise<Result<SendOutcome[]>> {
    const ready = await this.#prepare(payload);
    if (!ready.ok) return 'error' in ready ? ready : { ok: false, error: renderFailure(ready.problem) };
    for (const socket of [...this.#counters.keys()].slice(0, this.#counters.size - maxCounted)) {
      this.#counters.delete(socket);
    }
    return ok(await this.#send(ready.value, sockets, request, { counters: this.#counters, message: 1 }));
  }

  /** Answers `payloads.preview` for the next single send on `socket`. Secrets are replaced by asterisks, as many as characters. */
  async preview(
    payload: WrittenPayload,
    socket?: number,
    at?: number,
  ): Promise<Result<CallOutput<'payloads.preview'>>> {
    const ready = await this.#prepare(payload);
    const failed = ({ reason, line, column }: PayloadProblem, usesSecret: boolean) =>
      ok({ bytes: new Uint8Array(0), length: 0, problem: { message: reason, line, column }, usesSecret });
    if (!ready.ok) return 'error' in ready ? ready : failed(ready.problem, false);
    const { payload: prepared, usesSecret } = ready.value;
    const counters: Counters = new Map();
    if (socket !== undefined) counters.set(socket, new Map(this.#counters.get(socket)));
    const { withoutSecrets } = await import('#workspace/payload-bytes.ts');
    const hidden = { ...ready.value, environment: withoutSecrets(ready.value.environment) };
    const scope = await this.#scopeOf(hidden, socket, { counters, message: 1 });
    const bytes = at === undefined ? prepared.bytes(scope) : prepared.valueAt(at, scope);
    if (!bytes.ok) return failed(bytes.problem, usesSecret);
    const { length } = bytes.value;
    return ok({ bytes: bytes.value.slice(0, maxPreviewBytes), length, usesSecret });
  }

  async #send(
    written: Ready,
    sockets: readonly number[],
    asked: SendRequest,
    state: MessageState,
  ): Promise<SendOutcome[]> {
    const { engine } = this.#parts;
    const { ready, request } = this.#framed(written, sockets, asked);
    const { payload } = ready;
    if (payload.isFixed) {
      const framed = messageBytes(ready, emptyScope(ready));
      if (!framed.ok) return sockets.map((socket) => ({ socket, bytes: 0, error: framed.error }));
      return await engine.send(sockets, { ...request, bytes: framed.value });
    }
    const progress = new JointProgress(request.progress);
    return await Promise.all(
      sockets.map(async (socket): Promise<SendOutcome> => {
        const made = this.#scopeOf(ready, socket, state);
        const scope = made instanceof Promise ? await made : made;
        const framed = messageBytes(ready, scope);
        if (!framed.ok) return { socket, bytes: 0, error: framed.error };
        const [outcome] = await engine.send([socket], {
          ...request,
          bytes: framed.value,
          progress: request.progress && progress.part(),
        });
        return outcome ?? { socket, bytes: 0 };
      }),
    );
  }

  /** Returns the payload and the request such that either the payload's own framing or that of the sockets is added, or none. */
  #framed<Request extends { readonly frame: boolean }>(
    written: Ready,
    sockets: readonly number[],
    request: Request,
  ): { readonly ready: Ready; readonly request: Request } {
    const views = sockets.map((socket) => this.#parts.engine.socket(socket));
    const own = written.framing && formatFraming(written.framing);
    const [first] = views;
    // A datagram and a WebSocket message have their boundaries without a framing.
    const isWhole = first !== undefined && abilitiesOf(first.transport).messageOriented;
    // Sockets that have the payload's framing add it.
    const isOwn = own !== undefined && request.frame && !isWhole && views.some((view) => view?.framing !== own);
    if (isOwn) return { ready: written, request: { ...request, frame: false } };
    return { ready: { ...written, framing: undefined }, request };
  }

  /** Sends up to `count` messages to each socket, from number `message`. `made`: the number of messages that were made. */
  #sendBatch(
    written: Ready,
    sockets: readonly number[],
    asked: BatchRequest,
    { counters, message: first, count }: MessageState & { readonly count: number },
  ): { readonly made: number; readonly outcomes: Promise<BatchOutcome[]> } {
    const { engine } = this.#parts;
    const { ready, request } = this.#framed(written, sockets, asked);
    if (ready.payload.isFixed) {
      const framed = messageBytes(ready, emptyScope(ready));
      if (!framed.ok) {
        const outcomes = sockets.map((socket) => ({ socket, bytes: 0, messages: 0, error: framed.error }));
        return { made: 0, outcomes: Promise.resolve(outcomes) };
      }
      const messages = repeatedBytes(framed.value, count);
      return { made: messages.length, outcomes: engine.sendBatch(sockets, messages, request) };
    }
    const scopes = new Map(
      sockets.map((socket) => [socket, this.#knownScope(ready, socket, { counters, message: first })]),
    );
    const { made, batches } = renderBatch(ready, scopes, { first, count });
    const outcomes = batches.map(async ({ socket, messages, error }): Promise<BatchOutcome> => {
      const [sent] = messages.length > 0 ? await engine.sendBatch([socket], messages, request) : [];
      const outcome: BatchOutcome = sent ?? { socket, bytes: 0, messages: 0 };
      return error && !outcome.error ? { ...outcome, error } : outcome;
    });
    return { made, outcomes: Promise.all(outcomes) };
  }

  async #prepareAll(payloads: readonly SeriesPayload[]): Promise<Result<Ready[]>> {
    const prepared: Ready[] = [];
    for (const payload of payloads) {
      const ready = await this.#prepare(payload);
      if (!ready.ok) return 'error' in ready ? ready : { ok: false, error: renderFailure(ready.problem, payload.path) };
      prepared.push({ ...ready.value, path: payload.path });
    }
    return ok(prepared);
  }

  async #prepare(
    written: WrittenPayload,
  ): Promise<Result<Ready> | { readonly ok: false; readonly problem: PayloadProblem }> {
    const { preparePayload, readEnvironment, templateSources } = await import('#workspace/payload-bytes.ts');
    const payload = await preparePayload(written);
    if (!payload.ok) return payload;
    const { framing } = written;
    if (payload.value.isFixed) {
      return ok({
        payload: payload.value,
        environment: nothing,
        sources: templateSources(undefined),
        usesSecret: false,
        framing,
      });
    }
    const open = await this.#parts.workspace();
    if (!open.ok && written.environment !== undefined) return open;
    const root = open.ok ? open.value.files.folder : undefined;
    const environment =
      open.ok && written.environment !== undefined
        ? await readEnvironment(open.value.files, open.value.secrets, written.environment)
        : ok(nothing);
    if (!environment.ok) return environment;
    const usesSecret = Object.keys(environment.value.secrets).some((name) => payload.value.names.has(name));
    return ok({
      payload: payload.value,
      environment: environment.value,
      sources: templateSources(root),
      usesSecret,
      framing,
    });
  }

  /** Returns the scope of a message on `socket`; a promise only if the template reads the last received message. */
  #scopeOf(ready: Ready, socket: number | undefined, state: MessageState): Scope | Promise<Scope> {
    const scope = this.#knownScope(ready, socket, state);
    if (socket === undefined || !ready.payload.names.has('last')) return scope;
    return this.#parts.lastReceived(socket).then((last) => (last ? { ...scope, last } : scope));
  }

  /** Returns the scope of a message on `socket` without the last received message. */
  #knownScope(ready: Ready, socket: number | undefined, { counters, message, row }: MessageState): Scope {
    const { variables, secrets, missingSecrets } = ready.environment;
    const own = (socket === undefined ? undefined : counters.get(socket)) ?? new Map<string, number | bigint>();
    if (socket !== undefined) counters.set(socket, own);
    return {
      ...(row && { row }),
      environment: { ...variables, ...secrets },
      missingSecrets,
      connection: socket === undefined ? {} : connectionOf(this.#parts.engine, socket),
      message,
      counters: own,
      sources: ready.sources,
    };
  }
}
