import { DraftWriter } from './draft-writer.ts';
import { changeDraft, type Draft, draftOf, emptyDraft } from './drafts.ts';
import {
  createKeptDrafts,
  createPageId,
  isSameKept,
  type KeptDraft,
  keptOf,
  newDraftKey,
  putKept,
  takeKept,
} from './kept-drafts.ts';
import { showFailure } from './notices.ts';
import { openPayload, reopenKept } from './payload-documents.ts';
import type { Services } from './services.ts';
import { endpointKeyOf, readStored } from './stored-drafts.ts';
import type { EndpointTab } from './tabs.ts';
import { createWorkspaceKeepers } from './workspace.ts';

/** The first change is kept immediately; changes within this time after it are kept together. */
const intervalMs = 1_000;
/** A longer text (UTF-16 units) is kept only while its tab is open: as UTF-8 it might be larger than a draft can be. */
const maxText = 5_000_000;

/** Returns true for a draft that was not written, loaded or changed yet. */
function isUntouched(draft: Draft): boolean {
  const { revision, file, document } = draft;
  return (
    revision === 0 &&
    file === undefined &&
    document === undefined &&
    isSameKept({ ...keptOf(draft), key: '' }, keptOf(emptyDraft))
  );
}

/** Returns true for a payload that would be lost: one that is not in a document, or not as it is there. */
function needsKeeping({ document, changed, conflict, text }: Draft): boolean {
  return text.length <= maxText && (document === undefined || changed || conflict !== undefined);
}

/**
 * Keeps what was written and not saved across restarts of Wirebench, and the last payload of each endpoint: a new tab of that endpoint
 * starts with it. Returns a function that stops it.
 */
export function keepDrafts(services: Services): () => void {
  const keeper = new DraftKeeper(services);
  const look = () => keeper.look();
  const stops = [
    services.tabs.subscribe(look),
    services.drafts.subscribe((state, before) => keeper.followDrafts(state.byTab, before.byTab)),
    services.own(createKeptDrafts).subscribe(look),
    services.live.subscribe((live, before) => {
      if (live.endpoints !== before.endpoints) look();
      if (live.connection === 'open' && before.connection === 'lost') keeper.keepAgain();
    }),
    services.workspace.subscribe(({ view }, before) => {
      if (view === undefined || view.id === before.view?.id) return;
      void keeper.load(before.view === undefined ? [] : keeper.leave());
    }),
  ];
  const flush = () => keeper.keepAll();
  services.own(createWorkspaceKeepers).add(flush);
  // Some systems hide or close a page without a `pagehide` event.
  document.addEventListener('visibilitychange', flush);
  window.addEventListener('pagehide', flush);
  return () => {
    for (const stop of stops) stop();
    document.removeEventListener('visibilitychange', flush);
    window.removeEventListener('pagehide', flush);
    services.own(createWorkspaceKeepers).delete(flush);
    keeper.end();
  };
}

class DraftKeeper {
  readonly #services: Services;
  readonly #writer: DraftWriter;
  /** The key of the last payload of each endpoint, by the endpoint's key. */
  readonly #last = new Map<string, string>();
  /** The endpoint whose last payload was looked for, and what was shown then, by tab. */
  readonly #restored = new Map<string, { readonly endpoint: string; readonly shown: KeptDraft | undefined }>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isLoaded = false;
  #isKeeping = false;

  constructor(services: Services) {
    this.#services = services;
    this.#writer = new DraftWriter(services);
  }

  /**
   * Clears the payloads of the tabs, which belong to the workspace before. Returns the changes that it has not kept because another window
   * has opened the workspace: they are not lost.
   */
  leave(): KeptDraft[] {
    const { drafts } = this.#services;
    const late = this.#isLoaded ? [...this.#wanted().values()] : [];
    this.#isLoaded = false;
    drafts.setState({ byTab: {} });
    return late.filter((draft) => draft.changed && !this.#writer.has(draft));
  }

  /** Loads what was kept in the workspace, also before the last start. The payloads `late` are listed as unsaved ones. */
  async load(late: readonly KeptDraft[]): Promise<void> {
    const { client, notices, workspace } = this.#services;
    const { view } = workspace.getState();
    this.#isLoaded = false;
    this.#writer.clear();
    this.#last.clear();
    this.#restored.clear();
    this.#kept.setState({ byKey: new Map() });
    const list = await client.call('drafts.list', { page: this.#services.own(createPageId) });
    if (!list.ok || workspace.getState().view?.id !== view?.id) return;
    for (const problem of list.value.problems) showFailure(notices, problem);
    const { own, byKey, others, ids, last } = readStored(list.value.drafts);
    for (const [endpoint, key] of last) this.#last.set(endpoint, key);
    const used = new Set(last.values());
    for (const [key, draft] of byKey) {
      if (own.has(key) || !draft.changed) this.#writer.note(draft);
      else this.#writer.noteCopy(key, ids.get(key) ?? '');
      if (draft.changed || used.has(key)) putKept(this.#kept, draft);
    }
    for (const { id, ...other } of others) this.#writer.noteCopy(this.#putOther(other), id);
    for (const other of late) this.#putOther(other);
    this.#isLoaded = true;
    this.look();
  }

  /**
   * Keeps what another window has written in the same document as a payload that is not a document: here, a document has one text.
   * Returns the key under which it is kept.
   */
  #putOther(other: KeptDraft): string {
    const kept = [...this.#kept.getState().byKey.values()];
    const same = kept.find(({ text, name }) => text === other.text && name === other.name);
    const key = same?.key ?? newDraftKey();
    if (!same) putKept(this.#kept, { ...other, key, document: undefined, version: 'new' });
    return key;
  }

  /** Puts away the payloads of tabs that were closed, and keeps what has changed. */
  followDrafts(now: Readonly<Record<string, Draft>>, before: Readonly<Record<string, Draft>>): void {
    if (!this.#isLoaded) return;
    for (const [tab, draft] of Object.entries(before)) {
      if (Object.hasOwn(now, tab) || !needsKeeping(draft) || isUntouched(draft)) continue;
      const isShared = Object.values(now).some(({ document }) => document !== undefined && document === draft.document);
      const key = draft.document ?? (draft.key === '' ? newDraftKey() : draft.key);
      if (!isShared) putKept(this.#kept, { ...keptOf(draft), key });
    }
    this.look();
  }

  /** Shows the last payload of an endpoint in its new tab, and keeps what has changed, soon. */
  look(): void {
    if (!this.#isLoaded) return;
    for (const tab of this.#tabs()) this.#restore(tab);
    if (this.#timer === undefined) void this.keepAll();
  }

  /** Keeps what has changed immediately, and drops what was saved or discarded. Resolves when it is on the disk. */
  async keepAll(): Promise<void> {
    if (!this.#isLoaded || this.#isKeeping) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const wanted = this.#wanted();
    if (this.#writer.write(wanted)) this.#timer = setTimeout(() => void this.keepAll(), intervalMs);
    await this.#writer.written();
  }

  /** Keeps all of it again: while the connection was lost, another window may have taken it over. */
  keepAgain(): void {
    this.#writer.writeAgain();
    void this.keepAll();
  }

  /** Returns all that should be kept now, by key. */
  #wanted(): Map<string, KeptDraft> {
    // Naming a draft changes the stores that are followed here.
    this.#isKeeping = true;
    const wanted = new Map<string, KeptDraft>(this.#kept.getState().byKey);
    for (const tab of this.#tabs()) this.#collect(tab, wanted);
    this.#isKeeping = false;
    return wanted;
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  /** Adds the payload of a tab to what is kept, and remembers it as the last one of its endpoint. */
  #collect(tab: EndpointTab, wanted: Map<string, KeptDraft>): void {
    const { drafts } = this.#services;
    const draft = draftOf(drafts.getState(), tab.id);
    if (isUntouched(draft)) return;
    const key = draft.document ?? (draft.key === '' ? newDraftKey() : draft.key);
    if (key !== draft.key) changeDraft(drafts, tab.id, { key });
    // The tab shows it: it is not put away any more.
    takeKept(this.#kept, key);
    if (needsKeeping(draft)) wanted.set(key, { ...keptOf(draft), key });
    else wanted.delete(key);
    const endpoint = this.#endpointOf(tab);
    if (endpoint === undefined || this.#last.get(endpoint) === key) return;
    this.#last.set(endpoint, key);
    this.#writer.writeLast(endpoint, key);
  }

  #restore(tab: EndpointTab): void {
    const endpoint = this.#endpointOf(tab);
    const before = this.#restored.get(tab.id);
    if (endpoint === undefined || endpoint === before?.endpoint) return;
    const draft = draftOf(this.#services.drafts.getState(), tab.id);
    // Never replace text that the user wrote: an endpoint with a changed address keeps it.
    const mayReplace = isUntouched(draft) || (before?.shown !== undefined && isSameKept(before.shown, keptOf(draft)));
    this.#restored.set(tab.id, { endpoint, shown: undefined });
    const last = this.#last.get(endpoint);
    if (!mayReplace || last === undefined) return;
    void this.#show(tab.id, last, draft).then(() => {
      const shown = keptOf(draftOf(this.#services.drafts.getState(), tab.id));
      this.#restored.set(tab.id, { endpoint, shown });
    });
  }

  async #show(tab: string, key: string, before: Draft): Promise<void> {
    const { drafts, workspace } = this.#services;
    // The payload that is replaced stays the last one of its endpoint.
    if (before.document === undefined && before.key !== '') putKept(this.#kept, keptOf(before));
    const other = Object.entries(drafts.getState().byTab).find(([id, draft]) => id !== tab && draft.key === key)?.[1];
    if (this.#kept.getState().byKey.has(key)) await reopenKept(this.#services, tab, key);
    else if (workspace.getState().documents.has(key)) await openPayload(this.#services, tab, key);
    else if (other) changeDraft(drafts, tab, { ...keptOf(other), key: newDraftKey(), revision: before.revision + 1 });
  }

  get #kept() {
    return this.#services.own(createKeptDrafts);
  }

  #tabs(): EndpointTab[] {
    return this.#services.tabs.getState().tabs.filter((tab) => tab.kind === 'endpoint');
  }

  #endpointOf({ endpoint = '' }: EndpointTab): string | undefined {
    const config = this.#services.live.getState().endpoints.get(endpoint)?.config;
    return config && endpointKeyOf(config);
  }
}
