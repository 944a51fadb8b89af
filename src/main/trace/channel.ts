import { constants, existsSync } from 'node:fs';
import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, isAbsolute, join } from 'node:path';
import { readTraceRecords } from '#shared/calls/trace-format.ts';
import { TracedProcess, type TraceEvent } from '#shared/calls/traced-calls.ts';
import { type Failure, fail, ok, type Result } from '#shared/failure.ts';
import { RingFile } from './ring-file.ts';

const folderPrefix = 'wirebench-trace-';

/** How often new processes and new records are looked for. */
const pollMs = 10;

/** The same, while there is something new each time: the file of a busy process is full soon, and then the process waits. */
const busyPollMs = 1;

/** The maximum number of processes whose calls are read at a time. */
const maxProcesses = 1_000;

/** What the channel hands on. `events` are in the order of their process. */
export interface TraceBatch {
  readonly process: TracedProcess;
  readonly wallOffsetNs: number;
  readonly events: readonly TraceEvent[];
}

/** Where the calls of a traced program come from. */
export interface TraceSource {
  /** The processes whose calls are read. */
  readonly processes: Iterable<TracedProcess>;
  /** Whether nothing more comes once the program has ended. */
  readonly isDone: boolean;
  /** Returns what happened since the last call, and what could not be read. */
  take(): Promise<{ readonly batches: readonly TraceBatch[]; readonly failures: readonly Failure[] }>;
  close(): Promise<void>;
}

interface Opened {
  readonly ring: RingFile;
  readonly process: TracedProcess;
}

/**
 * A folder in which each traced process has a file for its calls. Only this user can enter the folder (mode 0700), so that
 * nobody else's process can write to it.
 */
export class TraceChannel implements TraceSource {
  readonly folder: string;
  /** What a process wrote is in its file when it ends. */
  readonly isDone = true;
  readonly #opened = new Map<string, Opened>();
  readonly #refused = new Set<string>();
  /** The counts of the sockets, by process. */
  readonly #counts = new Map<number, { sockets: number }>();

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Creates the folder, in memory where the system has such a place. */
  static async create(): Promise<TraceChannel> {
    const parent = process.platform === 'linux' && existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
    return new TraceChannel(await mkdtemp(join(parent, folderPrefix)));
  }

  /**
   * Takes over the folder that another process of this user created. Fails for a folder that is not one of a trace, belongs to
   * another user, or may be entered by one.
   */
  static async adopt(folder: string): Promise<Result<TraceChannel>> {
    const tried = 'Could not follow the program';
    const hint = 'Only wirebench trace, run by the same user, can hand over a program.';
    const isNamed = isAbsolute(folder) && basename(folder).startsWith(folderPrefix);
    try {
      const { mode, uid } = await lstat(folder);
      const isOwn = process.getuid === undefined || (uid === process.getuid() && (mode & 0o077) === 0);
      if (isNamed && isOwn && (mode & constants.S_IFMT) === constants.S_IFDIR) return ok(new TraceChannel(folder));
    } catch (error) {
      return fail('file', tried, { system: error instanceof Error ? error.message : String(error), hint });
    }
    return fail('bad-input', tried, { system: `“${folder}” is not the folder of a trace`, hint });
  }

  get processes(): Iterable<TracedProcess> {
    return [...this.#opened.values()].map(({ process }) => process);
  }

  /** Returns what happened since the last call, and what could not be read: each such process is not traced any longer. */
  async take(): Promise<{ readonly batches: readonly TraceBatch[]; readonly failures: readonly Failure[] }> {
    const failures: Failure[] = [];
    const batches: TraceBatch[] = [];
    const all: [name: string, opened: Opened][] = [];
    for (const name of await this.#names()) {
      const opened = this.#opened.get(name) ?? keep(await this.#open(name), failures);
      if (opened) all.push([name, opened]);
    }
    // A process is read before those that were forked from it.
    all.sort(([, one], [, other]) => one.ring.startedNs - other.ring.startedNs);
    for (const [name, opened] of all) {
      const events = keep(await this.#readEvents(opened), failures);
      if (events === undefined) this.#refused.add(name);
      else if (events.length > 0)
        batches.push({ process: opened.process, wallOffsetNs: opened.ring.wallOffsetNs, events });
    }
    return { batches, failures };
  }

  /** Closes the files and removes the folder. */
  async close(): Promise<void> {
    for (const { ring } of this.#opened.values()) await ring.close();
    this.#opened.clear();
    await rm(this.folder, { recursive: true, force: true });
  }

  async #names(): Promise<string[]> {
    const names = (await readdir(this.folder)).filter((name) => name.endsWith('.ring') && !this.#refused.has(name));
    return names.sort().slice(0, maxProcesses);
  }

  async #open(name: string): Promise<Result<Opened>> {
    const ring = await RingFile.open(join(this.folder, name));
    if (!ring.ok) {
      this.#refused.add(name);
      return ring;
    }
    const { pid } = ring.value;
    const count = this.#counts.get(pid) ?? { sockets: 0 };
    this.#counts.set(pid, count);
    const opened = { ring: ring.value, process: new TracedProcess(pid, count) };
    this.#opened.set(name, opened);
    return { ok: true, value: opened };
  }

  async #readEvents({ ring, process }: Opened): Promise<Result<TraceEvent[]>> {
    const read = await ring.read();
    if (!read.ok) return read;
    const events: TraceEvent[] = [];
    for (const piece of read.value) {
      const records = readTraceRecords(piece);
      if (!records.ok) return records;
      for (const record of records.value) {
        const event = process.take(record);
        if (event) events.push(event.kind === 'about' ? this.#inherited(event, ring, process) : event);
      }
    }
    if (read.value.length > 0) await ring.release();
    return { ok: true, value: events };
  }

  /** Gives a forked process the sockets that its parent had at that time. */
  #inherited(event: AboutEvent, { parent }: RingFile, process: TracedProcess): AboutEvent {
    const { forkedNs } = event;
    if (forkedNs === undefined) return event;
    const from = [...this.#opened.values()].find(({ ring }) => ring.pid === parent);
    const inherited = from?.process.socketsAt(forkedNs) ?? [];
    process.inherit(inherited);
    return { ...event, inherited };
  }
}

type AboutEvent = Extract<TraceEvent, { readonly kind: 'about' }>;

/** Returns the value of a result, or adds its failure to the list. */
function keep<T>(result: Result<T>, failures: Failure[]): T | undefined {
  if (result.ok) return result.value;
  failures.push(result.error);
  return undefined;
}

/** Resolves when it is time to look again. `isBusy`: there was something new. */
export function nextPoll(isBusy = false): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, isBusy ? busyPollMs : pollMs));
}
