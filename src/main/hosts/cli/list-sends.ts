import { access, constants } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Engine } from '#engine/engine.ts';
import type { Job, Replies, ReplyWatch } from '#jobs/job.ts';
import { type ListContext, startListJob } from '#jobs/list.ts';
import type { OpenedList, Row as Variables } from '#jobs/send-list.ts';
import type { Delivered } from '#jobs/sender.ts';
import { findByName } from '#shared/document/document-path.ts';
import { environmentKind } from '#shared/document/kinds/environment.ts';
import { sendListKind } from '#shared/document/kinds/send-list.ts';
import { bodyRange } from '#shared/export/record-format.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import { compileFilter } from '#shared/filter/compile.ts';
import { parseFilter } from '#shared/filter/parse.ts';
import { messageFlags } from '#shared/message/flags.ts';
import type { Row, SocketInfo } from '#shared/record/record.ts';
import { engineSockets } from '#workbench/jobs.ts';
import { WorkspaceLists } from '#workbench/workspace-lists.ts';
import { WrittenPayloads } from '#workbench/written-payloads.ts';
import { type CommandWorkspace, openWorkspace } from './command-workspace.ts';
import { type PayloadSource, unreadable } from './input.ts';
import type { RecordPrinter } from './printing-log.ts';

/* Send lists of the workspace. Import this module when `--list` is given. */

/** The options that say which list is sent, and with which variables. */
type ListSource = Pick<PayloadSource, 'workspace' | 'env' | 'set' | 'rows'> & { readonly list: string };

/** Where the list and the variables of its templates are: the paths of its document, of an environment, and of a file of rows. */
interface Found {
  readonly list: string;
  readonly environment: string | undefined;
  readonly rows: string | undefined;
  readonly set: Variables;
}

const notMessages = messageFlags.filler | messageFlags.truncated | messageFlags.part;

/** A send list of the workspace that `send` runs on each of its connections. Must be closed. */
export class ListSends {
  readonly #open: CommandWorkspace;
  readonly #found: Found;
  readonly #lists: WorkspaceLists;
  readonly #replies = new PrintedReplies();
  #engine: Engine | undefined;
  /** The list as it was read before the first connection. */
  #first: OpenedList | undefined;
  #isEndless = false;
  #sent = 0;

  private constructor(open: CommandWorkspace, found: Found) {
    this.#open = open;
    this.#found = found;
    const current = async () => ok({ files: open.workspace, secrets: open.secrets });
    const engine = {
      send: (...request: Parameters<Engine['send']>) => this.#running.send(...request),
      sendBatch: (...request: Parameters<Engine['sendBatch']>) => this.#running.sendBatch(...request),
      socket: (id: number) => this.#running.socket(id),
      config: (id: string) => this.#running.config(id),
    };
    const lastReceived = async () => this.#replies.last;
    this.#lists = new WorkspaceLists(current, new WrittenPayloads({ engine, lastReceived, workspace: current }));
  }

  /**
   * Reads a list with the payloads of its enabled steps. Fails with `not-found` or `bad-input` for an unknown or ambiguous name, with
   * `bad-input` for a mistake in a payload, and as reading documents and secrets does.
   */
  static async read(source: ListSource): Promise<Result<ListSends>> {
    const opened = await openWorkspace(source.workspace);
    if (!opened.ok) return opened;
    const found = await find(opened.value, source);
    const sends = found.ok ? await ListSends.#of(opened.value, found.value) : found;
    if (!sends.ok) await opened.value.close();
    return sends;
  }

  static async #of(open: CommandWorkspace, found: Found): Promise<Result<ListSends>> {
    const sends = new ListSends(open, found);
    const first = await sends.#read();
    if (!first.ok) return first;
    sends.#first = first.value;
    return ok(sends);
  }

  /** The list runs until it is stopped. */
  get isEndless(): boolean {
    return this.#isEndless;
  }

  /** Messages that were sent completely, on all connections. */
  get sent(): number {
    return this.#sent;
  }

  /** Returns a printer that also looks for the replies that steps expect. */
  watching(print: RecordPrinter): RecordPrinter {
    return (row, bytes, socket, write) => {
      this.#replies.look(row, bytes, socket);
      print(row, bytes, socket, write);
    };
  }

  /**
   * Runs the list on `socket` until it is done, or at `stop`. Returns how many messages were sent, and why it ended early. `progress` is
   * called with the number of messages that were sent so far.
   */
  async deliver(
    engine: Engine,
    socket: number,
    stop: AbortSignal,
    progress: (sent: number) => void,
  ): Promise<Delivered> {
    this.#engine = engine;
    let job: Job<'list'> | undefined;
    const sent = () => job?.figures().sent ?? 0;
    const context: ListContext = {
      sockets: engineSockets(engine),
      replies: this.#replies,
      lists: { open: () => this.#take() },
      fileOf: (path) => ok(path),
      changed: () => progress(sent()),
    };
    const started = await startListJob({ kind: 'list', sockets: [socket], list: this.#found.list }, context);
    if (!started.ok) return { messages: 0, error: started.error };
    const running = started.value;
    job = running;
    const cancel = () => running.cancel();
    const unsubscribe = engine.subscribe((event) => {
      if (event.kind === 'sockets') running.socketsChanged();
    });
    if (stop.aborted) cancel();
    stop.addEventListener('abort', cancel, { once: true });
    const { error } = await running.ended;
    stop.removeEventListener('abort', cancel);
    unsubscribe();
    this.#sent += sent();
    return { messages: sent(), error };
  }

  close(): Promise<void> {
    return this.#open.close();
  }

  get #running(): Engine {
    if (!this.#engine) throw new Error('a list was sent before its engine was started');
    return this.#engine;
  }

  /** Returns the list as it was read first; reads it again for each further connection, with new counters. */
  async #take(): Promise<Result<OpenedList>> {
    const first = this.#first;
    this.#first = undefined;
    return first ? ok(first) : await this.#read();
  }

  async #read(): Promise<Result<OpenedList>> {
    const { list: path, environment, rows, set } = this.#found;
    const opened = await this.#lists.open(path, { environment, rows });
    if (!opened.ok) return opened;
    const { sender, loops } = opened.value;
    // The variables of the command line replace those of a row, as they replace those of the environment.
    const list: OpenedList = {
      ...opened.value,
      sender: (index, { row, message }) => sender(index, { row: { ...row, ...set }, message }),
    };
    this.#isEndless = !Number.isFinite(loops);
    return ok(list);
  }
}

/** Finds the documents that the options name, and checks that the file of rows can be read. */
async function find(open: CommandWorkspace, { list: name, env, set = [], rows }: ListSource): Promise<Result<Found>> {
  const list = findByName(sendListKind, name, open.paths(sendListKind), sendListKind.label);
  if (!list.ok) return inWorkspace(open, list);
  const read = await open.parse(sendListKind, list.value);
  if (!read.ok) return read;
  const environment =
    env === undefined ? ok(undefined) : findByName(environmentKind, env, open.paths(environmentKind), 'environment');
  if (!environment.ok) return inWorkspace(open, environment);
  const file = rows === undefined ? undefined : resolve(rows);
  try {
    if (file !== undefined) await access(file, constants.R_OK);
  } catch (error) {
    return unreadable(`the rows ${rows}`, error);
  }
  return ok({ list: list.value, environment: environment.value, rows: file, set: Object.fromEntries(set) });
}

/** Adds to the failure of an unknown name which workspace was searched. */
function inWorkspace(open: CommandWorkspace, found: Result<string>): Result<never> {
  if (found.ok) throw new Error('a name that was found has no failure');
  const { error } = found;
  if (error.code !== 'not-found') return { ok: false, error };
  return { ok: false, error: { ...error, system: `the workspace is ${open.workspace.folder}` } };
}

type Matches = (row: Row, bytes: Uint8Array, info: SocketInfo | undefined) => boolean;

/** Finds replies in the records as they are printed: a command may have no session to search. */
class PrintedReplies implements Replies {
  /** The payload of the last message received. */
  last: Uint8Array | undefined;
  readonly #watches = new Set<PrintedWatch>();
  #startAt: number | undefined;

  async watch(_endpoint: string, filter: string): Promise<Result<ReplyWatch>> {
    const parsed = parseFilter(filter);
    if (!parsed.ok) {
      const { from, message, hint } = parsed.problem;
      return fail('bad-input', 'Invalid filter', { system: `at character ${from + 1}: ${message}`, hint });
    }
    const predicate = compileFilter(parsed.filter);
    const matches: Matches = (row, bytes, info) => {
      const { from, to } = bodyRange(row);
      const record = { ...row, info, bookmarked: false, note: '', checksum: () => row.checksum };
      const content = { body: () => bytes.subarray(from, to), bytes: () => bytes };
      return predicate({ ...record, ...content }, { startAt: this.#startAt ?? row.at });
    };
    const watch = new PrintedWatch(matches, () => this.#watches.delete(watch));
    this.#watches.add(watch);
    return ok(watch);
  }

  /** Is called with each record. */
  look(row: Row, bytes: Uint8Array, info: SocketInfo | undefined): void {
    this.#startAt ??= row.at;
    if (row.kind !== 'in') return;
    if ((row.flags & notMessages) === 0) {
      const { from, to } = bodyRange(row);
      this.last = bytes.slice(from, to);
    }
    for (const watch of this.#watches) watch.look(row, bytes, info);
  }
}

class PrintedWatch implements ReplyWatch {
  readonly end: () => void;
  readonly #matches: Matches;
  readonly #waiting = new Set<() => void>();
  #records: { readonly first: number; readonly last: number } | undefined;

  constructor(matches: Matches, end: () => void) {
    this.#matches = matches;
    this.end = end;
  }

  async begin(): Promise<void> {
    this.#records = undefined;
  }

  received(signal: AbortSignal): Promise<void> {
    if (this.#records || signal.aborted) return Promise.resolve();
    return new Promise((done) => {
      const end = () => {
        this.#waiting.delete(end);
        signal.removeEventListener('abort', end);
        done();
      };
      this.#waiting.add(end);
      signal.addEventListener('abort', end);
    });
  }

  async records(): Promise<{ readonly first: number; readonly last: number } | undefined> {
    return this.#records;
  }

  look(row: Row, bytes: Uint8Array, info: SocketInfo | undefined): void {
    if (!this.#matches(row, bytes, info)) return;
    this.#records = { first: this.#records?.first ?? row.seq, last: row.seq };
    for (const end of this.#waiting) end();
  }
}
