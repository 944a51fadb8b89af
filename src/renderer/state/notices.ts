import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Failure } from '#shared/failure.ts';

/** Actions whose failure notice is removed when they succeed. */
type FailedAction = 'open' | 'save' | 're-frame';

/** A message that does not belong to a pane. */
export type Notice =
  | {
      readonly id: number;
      readonly kind: 'failure';
      readonly failure: Failure;
      readonly action: FailedAction | undefined;
    }
  | { readonly id: number; readonly kind: 'done'; readonly text: string; readonly detail: string }
  | ({ readonly id: number; readonly kind: 'offer' } & Offer);

/** An action offered to the user; shown until it is accepted or dismissed. */
export interface Offer {
  readonly text: string;
  readonly detail: string;
  /** The button's label. */
  readonly label: string;
  readonly run: () => void;
  /** A new offer with the same key replaces it. */
  readonly key?: string;
}

/** A long operation in progress, such as saving or uploading a file. */
export interface Job {
  readonly id: string;
  readonly label: string;
  readonly done: number;
  readonly total: number;
  /** The unit of `done` and `total`. */
  readonly unit: 'bytes' | 'records';
  readonly cancel: (() => void) | undefined;
}

interface NoticesState {
  readonly notices: readonly Notice[];
  readonly jobs: readonly Job[];
  /** Id of the last notice. */
  readonly lastId: number;
}
export type NoticesStore = StoreApi<NoticesState>;

/** When there are more, the oldest is removed. */
const maxNotices = 4;

export function createNoticesStore(): NoticesStore {
  return createStore<NoticesState>(() => ({ notices: [], jobs: [], lastId: 0 }));
}

type NewNotice = Notice extends infer One ? (One extends Notice ? Omit<One, 'id'> : never) : never;

function show(store: NoticesStore, notice: NewNotice): void {
  store.setState(({ notices, lastId }) => {
    const id = lastId + 1;
    return { notices: [...notices, { id, ...notice }].slice(-maxNotices), lastId: id };
  });
}

/**
 * Shows a failure until it is dismissed or until `action` succeeds. Replaces an equal failure that is already shown.
 */
export function showFailure(store: NoticesStore, failure: Failure, action?: FailedAction): void {
  const same = (notice: Notice) =>
    notice.kind === 'failure' && notice.failure.message === failure.message && notice.failure.system === failure.system;
  store.setState(({ notices }) => ({ notices: notices.filter((notice) => !same(notice)) }));
  show(store, { kind: 'failure', failure, action });
}

/** Removes the failures of an action that has succeeded. */
export function endFailures(store: NoticesStore, action: FailedAction): void {
  store.setState(({ notices }) => ({
    notices: notices.filter((notice) => notice.kind !== 'failure' || notice.action !== action),
  }));
}

/** Removes the offers with `key`, which were accepted elsewhere or no longer apply. */
export function withdrawOffer(store: NoticesStore, key: string): void {
  store.setState(({ notices }) => ({
    notices: notices.filter((notice) => notice.kind !== 'offer' || notice.key !== key),
  }));
}

export function showDone(store: NoticesStore, text: string, detail = ''): void {
  show(store, { kind: 'done', text, detail });
}

export function showOffer(store: NoticesStore, offer: Offer): void {
  const { key } = offer;
  const same = (notice: Notice) => notice.kind === 'offer' && key !== undefined && notice.key === key;
  store.setState(({ notices }) => ({ notices: notices.filter((notice) => !same(notice)) }));
  show(store, { kind: 'offer', ...offer });
}

export function dismissNotice(store: NoticesStore, id: number): void {
  store.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }));
}

export function putJob(store: NoticesStore, job: Job): void {
  store.setState(({ jobs }) => ({ jobs: [...jobs.filter(({ id }) => id !== job.id), job] }));
}

export function progressJob(store: NoticesStore, id: string, done: number, total: number): void {
  store.setState(({ jobs }) => ({ jobs: jobs.map((job) => (job.id === id ? { ...job, done, total } : job)) }));
}

export function endJob(store: NoticesStore, id: string): void {
  store.setState(({ jobs }) => ({ jobs: jobs.filter((job) => job.id !== id) }));
}
