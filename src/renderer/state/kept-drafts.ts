import { createStore, type StoreApi } from 'zustand/vanilla';
import { type Draft, draftOf } from './drafts.ts';
import type { Services } from './services.ts';

/** The part of a draft that is kept: without target, timing and file. */
const keptFields = [
  ...(['key', 'name', 'format', 'formatChosen', 'text', 'lineEnd', 'changed', 'document', 'version'] as const),
  ...(['encoding', 'template', 'checksum', 'frame', 'framing'] as const),
] as const;
export type KeptDraft = Pick<Draft, (typeof keptFields)[number]>;

interface KeptDraftsState {
  /** The payloads that no tab shows, by their key: what was not saved, and the last one of an endpoint. */
  readonly byKey: ReadonlyMap<string, KeptDraft>;
}
type KeptDraftsStore = StoreApi<KeptDraftsState>;

/** Creates the state of the payloads that were put away. */
export function createKeptDrafts(): KeptDraftsStore {
  return createStore<KeptDraftsState>(() => ({ byKey: new Map() }));
}

/** Returns what identifies this page among those of the same workspace, until it is loaded again. */
export function createPageId(): string {
  return crypto.randomUUID();
}

/** Returns the part of `draft` that is kept. */
export function keptOf(draft: Draft): KeptDraft {
  return Object.fromEntries(keptFields.map((field) => [field, draft[field]])) as unknown as KeptDraft;
}

/** Returns true if two payloads are the same in everything that is kept. */
export function isSameKept(one: KeptDraft, other: KeptDraft): boolean {
  return keptFields.every((field) => one[field] === other[field]);
}

/** Puts a payload away until it is shown again. */
export function putKept(store: KeptDraftsStore, draft: KeptDraft): void {
  store.setState(({ byKey }) => ({ byKey: new Map(byKey).set(draft.key, draft) }));
}

/** Removes the payload `key` from those that were put away, and returns it. */
export function takeKept(store: KeptDraftsStore, key: string): KeptDraft | undefined {
  const found = store.getState().byKey.get(key);
  if (found) {
    store.setState(({ byKey }) => {
      const next = new Map(byKey);
      next.delete(key);
      return { byKey: next };
    });
  }
  return found;
}

/** Returns a key for a payload without a document. */
export function newDraftKey(): string {
  return `unsaved/${crypto.randomUUID()}`;
}

/** Puts the payload of a tab away before another one replaces it, if it has changes that are not saved and no other tab shows it. */
export function putAway(services: Services, tabId: string): void {
  const { byTab } = services.drafts.getState();
  const draft = draftOf(services.drafts.getState(), tabId);
  if (!draft.changed || draft.text === '') return;
  const isShared = Object.entries(byTab).some(
    ([id, other]) => id !== tabId && other.document !== undefined && other.document === draft.document,
  );
  if (isShared) return;
  const key = draft.document ?? (draft.key === '' ? newDraftKey() : draft.key);
  putKept(services.own(createKeptDrafts), { ...keptOf(draft), key });
}
