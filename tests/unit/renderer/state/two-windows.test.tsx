import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CallInput } from '#shared/contract/contract.ts';
import { defaultClient } from '#shared/endpoint/endpoint-config.ts';
import { ok } from '#shared/failure.ts';
import { cases, Reached } from '#support/cases.ts';
import { answerOf } from '#support/session.ts';
import { TestWorkspace } from '#support/workspace.ts';
import { OpenWorkspace } from '#workbench/open-workspace.ts';
import { FileSecretStore } from '#workspace/secrets.ts';
import { Workspace } from '#workspace/workspace.ts';
import { keepDrafts } from '../../../../src/renderer/state/draft-keeping.ts';
import { changeDraft, draftOf } from '../../../../src/renderer/state/drafts.ts';
import { formOf } from '../../../../src/renderer/state/endpoint-form.ts';
import { followPayloads } from '../../../../src/renderer/state/followed-payloads.ts';
import { createKeptDrafts, createPageId } from '../../../../src/renderer/state/kept-drafts.ts';
import { keepMine, openPayload, savePayload, takeTheirs } from '../../../../src/renderer/state/payload-documents.ts';
import { endpointTab } from '../../../../src/renderer/state/tabs.ts';
import { loadWorkspace } from '../../../../src/renderer/state/workspace.ts';
import { type Answers, fakeHost } from '../fake-services.ts';

const path = 'payloads/a.txt';

type Step = { readonly kind: 'type' | 'save' | 'look' | 'mine' | 'theirs' | 'crash'; readonly at: number } | 'outside';

const step = fc.oneof(
  { weight: 1, arbitrary: fc.constant('outside' as const) },
  {
    weight: 9,
    arbitrary: fc.record({
      kind: fc.constantFrom('type', 'type', 'save', 'save', 'look', 'mine', 'theirs', 'crash'),
      at: fc.integer({ min: 0, max: 1 }),
    }) as fc.Arbitrary<Exclude<Step, string>>,
  },
);

/** A process with a workspace, and the calls of its pages that are not answered yet. */
async function startProcess(folder: string, home: string) {
  const files = answerOf(await Workspace.open(folder));
  const open = await OpenWorkspace.open(files, { home, secrets: new FileSecretStore(home, files.id), emit: () => {} });
  let waiting = 0;
  const counted = (answer: (input: never) => unknown) => async (input: never) => {
    waiting += 1;
    try {
      return await answer(input);
    } finally {
      waiting -= 1;
    }
  };
  const answers = {
    'workspace.get': async () => ok(await open.view()),
    'documents.read': ({ path: at }: CallInput<'documents.read'>) => open.read(at),
    'documents.write': ({ path: at, bytes, basedOn }: CallInput<'documents.write'>) => open.write(at, bytes, basedOn),
    'drafts.list': ({ page }: CallInput<'drafts.list'>) => open.draftsOf(page).list(),
    'drafts.keep': async ({ page, takesOver, ...draft }: CallInput<'drafts.keep'>) => {
      const drafts = open.draftsOf(page);
      const kept = drafts.keep(draft, takesOver);
      await drafts.flush();
      return (await kept).ok ? ok({}) : kept;
    },
    'drafts.drop': async ({ page, key }: CallInput<'drafts.drop'>) => {
      const dropped = await open.draftsOf(page).drop(key);
      return dropped.ok ? ok({}) : dropped;
    },
  };
  const all = Object.fromEntries(Object.entries(answers).map(([name, answer]) => [name, counted(answer as never)]));
  /** Resolves when the pages have asked everything that they ask now. */
  const settled = async () => {
    for (let quiet = 0; quiet < 3; quiet = waiting === 0 ? quiet + 1 : 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { open, answers: all as Answers, settled };
}

type Process = Awaited<ReturnType<typeof startProcess>>;

/** A window of `process` in which the document is open. */
async function openWindow(process: Process) {
  const { services } = fakeHost(process.answers);
  const tab = endpointTab(formOf(defaultClient));
  services.tabs.setState({ tabs: [tab], active: tab.id });
  const stops = [keepDrafts(services), followPayloads(services)];
  const look = async () => {
    await process.open.files.rescan();
    await loadWorkspace(services.client, services.workspace);
    await process.settled();
  };
  await look();
  await openPayload(services, tab.id, path);
  const draft = () => draftOf(services.drafts.getState(), tab.id);
  const kept = () => [...services.own(createKeptDrafts).getState().byKey.values()].map(({ text }) => text);
  return {
    process,
    draft,
    look,
    /** The texts that the user can get at here. */
    texts: () => [draft().text, draft().saved ?? '', draft().conflict?.theirs?.text ?? '', ...kept()],
    write: (text: string) => changeDraft(services.drafts, tab.id, { text, changed: true }),
    save: () => savePayload(services, tab.id),
    keepMine: () => keepMine(services, tab.id),
    takeTheirs: () => takeTheirs(services, tab.id),
    /** Ends it as a crash does: what is not on the disk yet is lost. The host notices it. */
    crash: async () => {
      for (const stop of stops) stop();
      await process.open.endPage(services.own(createPageId));
    },
  };
}

type Page = Awaited<ReturnType<typeof openWindow>>;

/** Two windows, of one process or of two, with what their users have written and must find again. */
class Model {
  readonly windows: Page[];
  /** Texts that were typed, and neither saved nor replaced by a user who saw them. */
  readonly unsaved = new Set<string>();
  /** What each window has shown so far. */
  readonly #seen: Set<string>[] = [new Set(), new Set()];
  readonly #workspace: TestWorkspace;
  readonly #reached: Reached<'conflict' | 'saved over' | 'crashed with changes'>;
  #count = 0;

  constructor(windows: Page[], workspace: TestWorkspace, reached: Model['reached']) {
    this.windows = windows;
    this.#workspace = workspace;
    this.#reached = reached;
  }

  get reached(): Reached<'conflict' | 'saved over' | 'crashed with changes'> {
    return this.#reached;
  }

  async #onDisk(): Promise<string> {
    const [window] = this.windows as [Page];
    return Buffer.from(answerOf(await window.process.open.files.read(path)).bytes).toString();
  }

  async run(todo: Step): Promise<void> {
    this.#count += 1;
    const text = `text ${this.#count}`;
    if (todo === 'outside') this.#workspace.put(path, `outside ${text}`);
    else await this.#act(todo.kind, todo.at, text);
    // What is kept once a second is kept now.
    window.dispatchEvent(new Event('pagehide'));
    for (const one of this.windows) await one.process.settled();
    if (this.windows.some((one) => one.draft().conflict)) this.#reached.note('conflict');
    for (const [at, one] of this.windows.entries()) for (const shown of one.texts()) this.#seen[at]?.add(shown);
    await this.expectAll(this.windows.flatMap((one) => one.texts()));
  }

  async #act(kind: Exclude<Step, string>['kind'], at: number, text: string): Promise<void> {
    const page = this.windows[at] as Page;
    if (kind === 'look') await page.look();
    if (kind === 'mine') page.keepMine();
    if (kind === 'save') await this.#save(page, at);
    if (kind === 'type') {
      this.#give(page.draft().text, at);
      page.write(text);
      this.unsaved.add(text);
    }
    if (kind === 'theirs' && page.draft().conflict?.theirs) {
      this.#give(page.draft().text, at);
      page.takeTheirs();
    }
    if (kind === 'crash') {
      await this.#notify(page);
      if (this.unsaved.has(page.draft().text)) this.#reached.note('crashed with changes');
      await page.crash();
      this.windows[at] = await openWindow(page.process);
      this.#seen[at] = new Set();
    }
  }

  /** The user of the window `at` replaces a text, which is not lost if the other window does not show it either. */
  #give(text: string, at: number): void {
    if (this.windows[1 - at]?.draft().text !== text) this.unsaved.delete(text);
  }

  /** Lets a window hear of the changes so far, as it does within a moment, and keep what it has. */
  async #notify(page: Page): Promise<void> {
    await page.look();
    window.dispatchEvent(new Event('pagehide'));
    await page.process.settled();
  }

  /** Both windows crash, after they have heard of the changes so far. */
  async end(): Promise<void> {
    for (const page of this.windows) await this.#notify(page);
    for (const page of this.windows) await page.crash();
    await this.expectAll([]);
  }

  async #save(page: Page, at: number): Promise<void> {
    const before = await this.#onDisk();
    const { text } = page.draft();
    await page.save();
    const after = await this.#onDisk();
    if (after !== text) return;
    this.unsaved.delete(text);
    if (before === after) return;
    // What it has replaced was on this screen.
    this.#reached.note('saved over');
    expect([...(this.#seen[at] ?? [])]).toContain(before);
  }

  /** Expects each text that was written to be in a window, in a draft on the disk, or in the file. */
  async expectAll(shown: readonly string[]): Promise<void> {
    const [page] = this.windows as [Page];
    const { drafts } = answerOf(await page.process.open.draftsOf('reader').list());
    const kept = drafts.map(({ bytes }) => Buffer.from(bytes).toString());
    const found = new Set([...shown, ...kept, await this.#onDisk()]);
    expect([...this.unsaved].filter((text) => !found.has(text))).toEqual([]);
  }
}

test('two windows never lose a change silently: what was written or saved is in a window, a draft or the file', async () => {
  const reached: Model['reached'] = new Reached();
  const run = async (steps: readonly Step[], isOneProcess: boolean) => {
    await using workspace = new TestWorkspace({ [path]: 'text 0' });
    const home = `${workspace.base}/home`;
    const first = await startProcess(workspace.folder, home);
    const second = isOneProcess ? first : await startProcess(workspace.folder, home);
    const model = new Model([await openWindow(first), await openWindow(second)], workspace, reached);
    try {
      for (const todo of steps) await model.run(todo);
      // Everything is on the disk then, and the next window shows it.
      await model.end();
      const next = await openWindow(await startProcess(workspace.folder, home));
      const file = answerOf(await first.open.files.read(path)).bytes;
      const found = new Set([...next.texts(), Buffer.from(file).toString()]);
      await next.crash();
      await next.process.open.close();
      expect([...model.unsaved].filter((text) => !found.has(text))).toEqual([]);
    } finally {
      for (const one of model.windows) await one.crash();
      for (const one of new Set([first, second])) await one.open.close();
    }
  };
  // A restarted window discards a draft that a window of the other process shows, too.
  const found: readonly Step[] = [
    'outside',
    { kind: 'type', at: 0 },
    { kind: 'type', at: 0 },
    { kind: 'crash', at: 1 },
    { kind: 'crash', at: 0 },
    { kind: 'theirs', at: 0 },
  ];
  const property = fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 20 }), fc.boolean(), run);
  await fc.assert(property, { ...cases(50), examples: [[[...found], false]] });
  reached.expectEach(['conflict', 'saved over', 'crashed with changes']);
});
