import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Failure } from '#shared/failure.ts';

/** The actions whose failure is no longer news once they succeed. */
type FailedAction = 'open' | 'save' | 're-frame';

/** What the page tells beside the place where it happened. */
export type Notice =
  | {
      readonly id: number;
      readonly kind: 'failure';
      readonly failure: Failure;
      readonly action: FailedAction | undefined;
    }
  | { readonly id: number; readonly kind: 'done'; readonly text: string; readonly detail: string }
  | ({ readonly id: number; readonly kind: 'offer' } & Offer);

/** Something that the user may want to do now; it stays until it is done or dismissed. */
export interface Offer {
  readonly text: string;
  readonly detail: string;
  /** Of the button. */
  readonly label: string;
  readonly run: () => void;
  /** An offer with the same key takes its place. */
  readonly key?: string;
}

/** Long work under way: saving, sending a file to the engine. */
export interface Task {
  readonly id: string;
  readonly label: string;
  readonly done: number;
  readonly total: number;
  /** How `done` and `total` are read. */
  readonly unit: 'bytes' | 'records';
  readonly cancel: (() => void) | undefined;
}

interface NoticesState {
  readonly notices: readonly Notice[];
  readonly tasks: readonly Task[];
}
export type NoticesStore = StoreApi<NoticesState>;

/** More than these are not read anyway; the oldest goes. */
const maxNotices = 4;

export function createNoticesStore(): NoticesStore {
  return createStore<NoticesState>(() => ({ notices: [], tasks: [] }));
}

let lastNotice = 0;

function show(store: NoticesStore, notice: Notice): void {
  store.setState(({ notices }) => ({ notices: [...notices, notice].slice(-maxNotices) }));
}

/**
 * Shows a failure until it is dismissed, or until `action` succeeds. The same failure again takes the place of the first.
 */
export function showFailure(store: NoticesStore, failure: Failure, action?: FailedAction): void {
  lastNotice += 1;
  const same = (notice: Notice) =>
    notice.kind === 'failure' && notice.failure.message === failure.message && notice.failure.system === failure.system;
  store.setState(({ notices }) => ({ notices: notices.filter((notice) => !same(notice)) }));
  show(store, { id: lastNotice, kind: 'failure', failure, action });
}

/** Removes the failures of an action, which has succeeded now. */
export function endFailures(store: NoticesStore, action: FailedAction): void {
  store.setState(({ notices }) => ({
    notices: notices.filter((notice) => notice.kind !== 'failure' || notice.action !== action),
  }));
}

/** Removes the offers with `key`: they have been taken up elsewhere, or do not hold any more. */
export function withdrawOffer(store: NoticesStore, key: string): void {
  store.setState(({ notices }) => ({
    notices: notices.filter((notice) => notice.kind !== 'offer' || notice.key !== key),
  }));
}

export function showDone(store: NoticesStore, text: string, detail = ''): void {
  lastNotice += 1;
  show(store, { id: lastNotice, kind: 'done', text, detail });
}

export function showOffer(store: NoticesStore, offer: Offer): void {
  lastNotice += 1;
  const { key } = offer;
  const same = (notice: Notice) => notice.kind === 'offer' && key !== undefined && notice.key === key;
  store.setState(({ notices }) => ({ notices: notices.filter((notice) => !same(notice)) }));
  show(store, { id: lastNotice, kind: 'offer', ...offer });
}

export function dismissNotice(store: NoticesStore, id: number): void {
  store.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }));
}

export function putTask(store: NoticesStore, task: Task): void {
  store.setState(({ tasks }) => ({ tasks: [...tasks.filter(({ id }) => id !== task.id), task] }));
}

export function progressTask(store: NoticesStore, id: string, done: number, total: number): void {
  store.setState(({ tasks }) => ({ tasks: tasks.map((task) => (task.id === id ? { ...task, done, total } : task)) }));
}

export function endTask(store: NoticesStore, id: string): void {
  store.setState(({ tasks }) => ({ tasks: tasks.filter((task) => task.id !== id) }));
}
