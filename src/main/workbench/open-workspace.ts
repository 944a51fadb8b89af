import fs from 'node:fs';
import { basename, join } from 'node:path';
import type { CallOutput, WorkbenchEvent } from '#shared/contract/contract.ts';
import type { DocumentView } from '#shared/contract/documents.ts';
import { maxDocumentBytes } from '#shared/contract/documents.ts';
import type { Saved, WorkspaceView } from '#shared/contract/workspace.ts';
import { workspaceKind } from '#shared/document/kinds/workspace.ts';
import { type Failure, fail, ok, type Result } from '#shared/failure.ts';
import { manifestName } from '#workspace/document-path.ts';
import { Drafts } from '#workspace/drafts.ts';
import { KeptValues } from '#workspace/kept-values.ts';
import { defaultWorkspaceFolder } from '#workspace/kept-workspaces.ts';
import type { SecretStore } from '#workspace/secrets.ts';
import type { Workspace } from '#workspace/workspace.ts';
import { DocumentViews } from './document-views.ts';

/** What an open workspace needs of the app. */
interface WorkspaceParts {
  /** The app's data folder. */
  readonly home: string;
  readonly secrets: SecretStore;
  readonly emit: (event: WorkbenchEvent) => void;
}

/** The minimum time between two events. Milliseconds. */
const minGapMs = 100;
/** How long a call for the whole workspace parses documents; the rest of them is reported when it is parsed. Milliseconds. */
const viewBudgetMs = 150;

/** Maximum number of pages whose drafts are kept separately. A page that is reloaded counts as a new one. */
const maxPages = 1_000;

type WorkspaceEvent = Extract<WorkbenchEvent, { kind: 'workspace' }>;

/** A workspace that pages work with: its documents as they see them, and what this machine keeps of it. */
export class OpenWorkspace {
  readonly files: Workspace;
  readonly secrets: SecretStore;
  readonly kept: KeptValues;
  readonly #home: string;
  readonly #emit: WorkspaceParts['emit'];
  readonly #views: DocumentViews;
  /** The drafts of each page, by its id. */
  readonly #drafts = new Map<string, Drafts>();
  /** The documents as the last event reported them, by path. */
  #reported = new Map<string, DocumentView>();
  #problem: Failure | undefined;
  #reportedProblem: Failure | undefined;
  #working: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #emittedAt = Number.NEGATIVE_INFINITY;
  #isClosed = false;

  private constructor(files: Workspace, { home, secrets, emit }: WorkspaceParts) {
    this.files = files;
    this.secrets = secrets;
    this.kept = new KeptValues(home, files.id, secrets);
    this.#home = home;
    this.#emit = emit;
    this.#views = new DocumentViews((path) => files.read(path));
    files.onChange(({ problem }) => {
      this.#problem = problem;
      this.changed();
    });
  }

  /** Takes over `files`, which are closed with this workspace. */
  static async open(files: Workspace, parts: WorkspaceParts): Promise<OpenWorkspace> {
    const opened = new OpenWorkspace(files, parts);
    const views = await opened.#list(0);
    opened.#reported = new Map(views.map((view) => [view.path, view]));
    return opened;
  }

  get isDefault(): boolean {
    return this.files.folder === realPathOf(defaultWorkspaceFolder(this.#home));
  }

  /** Returns the drafts of a page. Pages edit the same document at the same time, and each has its own text of it. */
  draftsOf(page = ''): Drafts {
    const drafts = this.#drafts.get(page) ?? new Drafts(this.#home, this.files.id);
    this.#drafts.delete(page);
    this.#drafts.set(page, drafts);
    const [oldest = ''] = this.#drafts.keys();
    if (this.#drafts.size > maxPages) {
      void this.#drafts.get(oldest)?.end();
      this.#drafts.delete(oldest);
    }
    return drafts;
  }

  /** Notes that a page has ended: others may take over its drafts. */
  async endPage(page: string): Promise<void> {
    await this.#drafts.get(page)?.end();
  }

  async view(): Promise<WorkspaceView> {
    const documents = await this.#list(viewBudgetMs);
    const { id, folder } = this.files;
    const name = documents.find(({ path }) => path === manifestName)?.name ?? basename(folder);
    const view = { id, name, folder, isDefault: this.isDefault, documents };
    return this.#problem ? { ...view, problem: this.#problem } : view;
  }

  /** Returns its name from `wirebench.yaml`; the name of its folder where that does not say one. */
  async name(): Promise<string> {
    const content = await this.files.read(manifestName);
    const parsed = content.ok ? workspaceKind.parse(content.value.bytes) : content;
    return (parsed.ok ? parsed.value.value.name : undefined) ?? basename(this.files.folder);
  }

  /** Returns the bytes of a document that is edited. Fails as `Workspace.read` does, and with `too-large`. */
  async read(path: string): Promise<Result<CallOutput<'documents.read'>>> {
    const size = this.files.list().find((entry) => entry.path === path)?.size ?? 0;
    if (size <= maxDocumentBytes) return await this.files.read(path);
    const system = `it has ${size} bytes, and the maximum is ${maxDocumentBytes}`;
    return fail('too-large', `Could not open “${path}”`, { system, hint: 'Send it as a file.' });
  }

  /** Saves a document if it has the version `basedOn`; a conflict has the content of the file. */
  async write(path: string, bytes: Uint8Array, basedOn: string): Promise<Result<Saved>> {
    const saved = await this.files.write(path, bytes, basedOn);
    this.changed();
    if (!saved.ok) return saved;
    return saved.value.kind === 'saved' ? ok(saved.value) : await this.conflict(path);
  }

  /** Returns the answer to a save of a document that has another version. */
  async conflict(path: string): Promise<Result<Saved>> {
    const theirs = await this.files.read(path);
    if (theirs.ok) return ok({ kind: 'conflict', theirs: theirs.value });
    return fs.existsSync(join(this.files.folder, path)) ? theirs : ok({ kind: 'conflict' });
  }

  /** Reports changes to the pages soon, no more than 10 times a second. */
  changed(): void {
    if (this.#timer || this.#isClosed) return;
    const waitMs = Math.max(0, this.#emittedAt + minGapMs - performance.now());
    this.#timer = setTimeout(() => void this.#report(), waitMs);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#working;
    await Promise.all([...this.#drafts.values()].map((drafts) => drafts.end()));
    await this.files.close();
  }

  async #report(): Promise<void> {
    this.#timer = undefined;
    this.#emittedAt = performance.now();
    const views = await this.#list(minGapMs);
    if (this.#isClosed) return;
    const event = this.#changesTo(views);
    if (event.changed.length + event.removed.length > 0 || this.#problem?.system !== this.#reportedProblem?.system) {
      this.#reportedProblem = this.#problem;
      this.#emit(event);
    }
  }

  #changesTo(views: readonly DocumentView[]): WorkspaceEvent {
    const before = this.#reported;
    this.#reported = new Map(views.map((view) => [view.path, view]));
    const changed = views.filter((view) => before.get(view.path) !== view);
    const removed = [...before.keys()].filter((path) => !this.#reported.has(path));
    const event: WorkspaceEvent = { kind: 'workspace', replaced: false, changed, removed };
    return this.#problem ? { ...event, problem: this.#problem } : event;
  }

  /** Returns the documents; one list at a time, so that none is older than the one before. */
  #list(budgetMs: number): Promise<DocumentView[]> {
    const listed = this.#working.then(async () => {
      const { views, isComplete } = await this.#views.of(this.files.list(), budgetMs);
      if (!isComplete) this.changed();
      return views;
    });
    this.#working = listed.catch(() => {});
    return listed;
  }
}

function realPathOf(path: string): string {
  try {
    return fs.realpathSync.native(path);
  } catch {
    return path;
  }
}
