import { decodeUtf8Lossy, encodeUtf8 } from '#shared/bytes/text.ts';
import { documentValueSchema } from '#shared/contract/documents.ts';
import { freePath } from '#shared/document/document-path.ts';
import { createPageId } from '../../state/kept-drafts.ts';
import { showFailure } from '../../state/notices.ts';
import type { Services } from '../../state/services.ts';
import { createWorkspaceKeepers } from '../../state/workspace.ts';
import { createLists, type EditedList, putList } from './list-store.ts';

/** The first change is kept immediately; changes within this time after it are kept together. */
const intervalMs = 1_000;

/** Keeps the unsaved changes of send lists across restarts of Wirebench. Returns a function that stops it. */
export function keepListDrafts(services: Services): () => void {
  const lists = services.own(createLists);
  const keeper = new ListKeeper(services);
  const flush = () => keeper.keepAll();
  const stops = [
    lists.subscribe(({ byPath }, before) => {
      if (byPath !== before.byPath) keeper.look();
    }),
    services.workspace.subscribe(({ view }, before) => {
      if (view !== undefined && view.id !== before.view?.id) void keeper.load();
    }),
  ];
  services.own(createWorkspaceKeepers).add(flush);
  window.addEventListener('pagehide', flush);
  return () => {
    for (const stop of stops) stop();
    services.own(createWorkspaceKeepers).delete(flush);
    window.removeEventListener('pagehide', flush);
    keeper.end();
  };
}

class ListKeeper {
  readonly #services: Services;
  /** What the main process has kept for this page, by path. */
  readonly #stored = new Map<string, Pick<EditedList, 'value' | 'version'>>();
  /** What identifies the draft of another page that was loaded, by path. */
  readonly #copied = new Map<string, string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The workspace whose drafts are loaded. */
  #workspace: string | undefined;
  #isFailing = false;

  constructor(services: Services) {
    this.#services = services;
  }

  /** Shows the unsaved changes that were kept in the open workspace, also before the last start. */
  async load(): Promise<void> {
    const { client, workspace } = this.#services;
    const { view, documents } = workspace.getState();
    this.#workspace = undefined;
    const list = await client.call('drafts.list', { page: this.#page });
    if (!list.ok || workspace.getState().view?.id !== view?.id) return;
    this.#stored.clear();
    this.#copied.clear();
    for (const { key, bytes, basedOn, details, id, isOwn } of list.value.drafts) {
      if (details.kind !== 'send-list') continue;
      const value = listIn(bytes);
      if (!value) continue;
      if (this.#stored.has(key) || this.#copied.has(key)) {
        if (!isOwn) this.#showBeside(key, id, value);
        continue;
      }
      // The draft of another page is its own, and may be dropped at any time: this page keeps a copy.
      if (isOwn) this.#stored.set(key, { value, version: basedOn });
      const known = this.#lists[key];
      if (!isOwn && !known?.changed) this.#copied.set(key, id);
      const conflict = documents.get(key)?.version !== basedOn;
      // Changes of this window are later ones.
      if (!known?.changed) putList(this.#services, key, { value, version: basedOn, changed: true, conflict });
    }
    this.#workspace = view?.id;
    this.look();
  }

  /** Shows a draft that differs from the one that is shown as another unsaved list, so that neither is lost. */
  #showBeside(key: string, id: string, value: EditedList['value']): void {
    const same = JSON.stringify(value);
    if (Object.values(this.#lists).some((list) => JSON.stringify(list.value) === same)) return;
    const taken = [...this.#services.workspace.getState().documents.keys(), ...Object.keys(this.#lists)];
    const path = freePath(key, taken, '.yaml');
    this.#copied.set(path, id);
    putList(this.#services, path, { value, version: 'new', changed: true, conflict: false });
  }

  /** Keeps what has changed, soon. */
  look(): void {
    if (this.#timer === undefined) void this.keepAll();
  }

  /** Keeps what has changed immediately, and drops what was saved. Resolves when it is on the disk. */
  async keepAll(): Promise<void> {
    const { client, workspace } = this.#services;
    if (this.#workspace === undefined || workspace.getState().view?.id !== this.#workspace) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const calls: Promise<void>[] = [];
    for (const [path, { value, version, changed }] of Object.entries(this.#lists)) {
      const stored = this.#stored.get(path);
      if (!changed || (stored?.value === value && stored.version === version)) continue;
      this.#stored.set(path, { value, version });
      calls.push(this.#keep(path, { value, version }));
    }
    for (const key of new Set([...this.#stored.keys(), ...this.#copied.keys()])) {
      if (this.#lists[key]?.changed) continue;
      this.#stored.delete(key);
      this.#copied.delete(key);
      void client.call('drafts.drop', { key, page: this.#page });
    }
    if (calls.length > 0) {
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        void this.keepAll();
      }, intervalMs);
    }
    await Promise.all(calls);
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  async #keep(key: string, { value, version }: Pick<EditedList, 'value' | 'version'>): Promise<void> {
    const { client, notices } = this.#services;
    const bytes = encodeUtf8(JSON.stringify(value));
    const copied = this.#copied.get(key);
    const draft = { key, bytes, basedOn: version, details: { kind: 'send-list' }, page: this.#page };
    const kept = await client.call('drafts.keep', { ...draft, ...(copied !== undefined && { takesOver: [copied] }) });
    if (kept.ok) this.#copied.delete(key);
    // Reported once, not on each key.
    if (!kept.ok && !this.#isFailing && kept.error.code !== 'disconnected') showFailure(notices, kept.error);
    this.#isFailing = !kept.ok;
  }

  get #page(): string {
    return this.#services.own(createPageId);
  }

  get #lists(): Readonly<Record<string, EditedList>> {
    return this.#services.own(createLists).getState().byPath;
  }
}

function listIn(bytes: Uint8Array): EditedList['value'] | undefined {
  let written: unknown;
  try {
    written = JSON.parse(decodeUtf8Lossy(bytes));
  } catch {
    return undefined;
  }
  const parsed = documentValueSchema.safeParse(written);
  return parsed.success && parsed.data.kind === 'send-list' ? parsed.data : undefined;
}
