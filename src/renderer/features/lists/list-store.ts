import { createStore, type StoreApi } from 'zustand/vanilla';
import type { DocumentValue } from '#shared/contract/documents.ts';
import type { JobView } from '#shared/contract/jobs/catalogue.ts';
import { fileNameOf, freePath } from '#shared/document/document-path.ts';
import type { Failure } from '#shared/failure.ts';
import { canSend, type LiveState, peersOf } from '../../bridge/live-store.ts';
import { showFailure, showOffer } from '../../state/notices.ts';
import type { Services } from '../../state/services.ts';
import { nextTabId, withTab } from '../../state/tabs.ts';
import { perWorkspace } from '../../state/workspace.ts';
import { strings } from './strings.ts';

export type SendListValue = Extract<DocumentValue, { kind: 'send-list' }>;
export type StepValue = SendListValue['steps'][number];

/** A send list that is being edited. */
export interface EditedList {
  readonly value: SendListValue;
  /** The version of the file that the user began with; `new` where the file is gone. */
  readonly version: string;
  readonly changed: boolean;
  /** The file has another version, and the list has changes. */
  readonly conflict: boolean;
}

interface ListsState {
  readonly byPath: Readonly<Record<string, EditedList>>;
  /** Why a list could not be read. */
  readonly failures: Readonly<Record<string, Failure>>;
  /** The endpoint that lists are sent to, once the user has selected one. */
  readonly target: string | undefined;
  /** The list whose name is being edited in the side bar. */
  readonly renaming: string | undefined;
}

/** Creates the state of the send lists. */
export function createLists({ workspace }: Services): StoreApi<ListsState> {
  const empty: ListsState = { byPath: {}, failures: {}, target: undefined, renaming: undefined };
  return perWorkspace(
    workspace,
    createStore<ListsState>(() => empty),
  );
}

const ending = '.yaml';
const folder = 'lists/';

/** Returns the name of a list: its path in its folder, without its ending. */
export function listName(path: string): string {
  return path.slice(folder.length, path.endsWith(ending) ? -ending.length : undefined);
}

export const newStep: StepValue = { payload: '', enabled: true, delayMs: 0, count: 1 };

/** Shows a list as it is edited, and no failure of it. */
export function putList(services: Services, path: string, list: EditedList): void {
  const lists = services.own(createLists);
  lists.setState(({ byPath, failures: { [path]: _, ...failures } }) => ({
    byPath: { ...byPath, [path]: list },
    failures,
  }));
}

/** Reads the list at `path` from its file, unless it has unsaved changes. With `anyway`, these are lost. */
export async function loadList(services: Services, path: string, { anyway = false } = {}): Promise<void> {
  const read = await services.client.call('documents.value', { path });
  const lists = services.own(createLists);
  if (!read.ok) {
    lists.setState(({ failures }) => ({ failures: { ...failures, [path]: read.error } }));
    return;
  }
  const { value, version } = read.value;
  // A draft of it may have been loaded meanwhile.
  if (!anyway && lists.getState().byPath[path]?.changed) return;
  if (value.kind === 'send-list') putList(services, path, { value, version, changed: false, conflict: false });
}

/** Follows a change of the file by anyone else: loads it, or notes the conflict with the user's changes. */
export function followFile(services: Services, path: string, version: string): void {
  const list = services.own(createLists).getState().byPath[path];
  if (!list || list.version === version) return;
  if (list.changed) putList(services, path, { ...list, conflict: true });
  else void loadList(services, path);
}

export function changeList(services: Services, path: string, change: Partial<SendListValue>): void {
  const list = services.own(createLists).getState().byPath[path];
  if (list) putList(services, path, { ...list, value: { ...list.value, ...change }, changed: true });
}

/** Saves a list; returns true if its file has what the user sees. With `anyway`, what is on the disk is replaced. */
export async function saveList(services: Services, path: string, { anyway = false } = {}): Promise<boolean> {
  const list = services.own(createLists).getState().byPath[path];
  if (!list) return false;
  const { value, version: basedOn } = list;
  const saved = await services.client.call('documents.put', { path, value, basedOn });
  if (!saved.ok) {
    showFailure(services.notices, saved.error);
    return false;
  }
  const now = services.own(createLists).getState().byPath[path] ?? list;
  if (saved.value.kind === 'saved') {
    putList(services, path, { ...now, version: saved.value.version, changed: now.value !== value, conflict: false });
    return true;
  }
  putList(services, path, { ...now, version: saved.value.theirs?.version ?? 'new', conflict: true });
  return anyway ? await saveList(services, path) : false;
}

/** Returns the endpoints with an open connection, each with the sockets that a list is sent to. */
export function targetsOf({ endpoints, sockets }: Pick<LiveState, 'endpoints' | 'sockets'>) {
  return [...endpoints.values()].flatMap((view) => {
    const open = peersOf({ sockets }, view.id).filter(canSend);
    return open.length === 0 ? [] : [{ view, sockets: open.map(({ id }) => id) }];
  });
}

/** Returns the job of the list at `path`: the one that runs, or else the last one that has ended. */
export function jobOfList({ jobs }: Pick<LiveState, 'jobs'>, path: string): JobView<'list'> | undefined {
  const own = [...jobs.values()].flatMap((job) => (job.kind === 'list' && job.list === path ? [job] : []));
  return own.find(({ state }) => state === 'running') ?? own.at(-1);
}

/** Returns the endpoint that lists are sent to, with its sockets: the selected one, or else the first; `undefined` without any. */
function targetOf(services: Services) {
  const { target } = services.own(createLists).getState();
  const targets = targetsOf(services.live.getState());
  return targets.find(({ view }) => view.id === target) ?? targets[0];
}

/** Returns true if a list can be started: it does not run, has an enabled step as far as it is known, and there is a connection. */
export function canRunList(services: Services, path: string): boolean {
  const list = services.own(createLists).getState().byPath[path];
  const hasSteps = list === undefined || list.value.steps.some(({ enabled }) => enabled);
  return hasSteps && targetOf(services) !== undefined && jobOfList(services.live.getState(), path)?.state !== 'running';
}

/** Saves a list and starts it on all connections of the selected endpoint. */
export async function runList(services: Services, path: string): Promise<void> {
  const { client, notices, workspace } = services;
  const { byPath } = services.own(createLists).getState();
  if (byPath[path]?.changed && !(await saveList(services, path))) return;
  const chosen = targetOf(services);
  if (!chosen) return;
  const { environment } = workspace.getState();
  const started = await client.call('jobs.start', {
    kind: 'list',
    sockets: chosen.sockets,
    list: path,
    ...(environment !== undefined && { environment }),
  });
  if (!started.ok) showFailure(notices, started.error);
}

/** Stops a job, or removes an ended one with its result. */
export async function endListJob({ client, notices }: Services, { id, state }: JobView): Promise<void> {
  const answer = await client.call(state === 'running' ? 'jobs.cancel' : 'jobs.clear', { job: id });
  if (!answer.ok) showFailure(notices, answer.error);
}

/** Shows the tab of a list; opens it first if needed. */
export function openList({ tabs }: Services, path: string): void {
  tabs.setState((state) => {
    const existing = state.tabs.find((tab) => tab.kind === 'send-list' && tab.path === path);
    if (existing) return { ...state, active: existing.id };
    return withTab(state, { kind: 'send-list', id: nextTabId(), path }, { replaceStart: true });
  });
}

/** Creates an empty list with a free name and opens it. */
export async function addList(services: Services): Promise<void> {
  const { client, notices, workspace } = services;
  const path = freePath(`${folder}list${ending}`, workspace.getState().documents.keys(), ending);
  const value: SendListValue = { kind: 'send-list', loop: 1, steps: [] };
  const saved = await client.call('documents.put', { path, value, basedOn: 'new' });
  if (!saved.ok) showFailure(notices, saved.error);
  else openList(services, path);
}

/** Renames a list; its tab follows. */
export async function renameList(services: Services, path: string, name: string): Promise<void> {
  const to = `${folder}${name.split('/').map(fileNameOf).join('/')}${ending}`;
  if (name.trim() === '' || to === path) return;
  const moved = await services.client.call('documents.move', { moves: [{ from: path, to }] });
  if (!moved.ok) {
    showFailure(services.notices, moved.error);
    return;
  }
  const list = services.own(createLists).getState().byPath[path];
  if (list) putList(services, to, list);
  services.tabs.setState(({ tabs }) => ({
    tabs: tabs.map((tab) => (tab.kind === 'send-list' && tab.path === path ? { ...tab, path: to } : tab)),
  }));
  services.own(createLists).setState(({ byPath: { [path]: _, ...byPath } }) => ({ byPath }));
}

export async function duplicateList({ client, notices }: Services, path: string): Promise<void> {
  const copied = await client.call('documents.duplicate', { path });
  if (!copied.ok) showFailure(notices, copied.error);
}

/** Deletes a list, and offers to undo that. */
export async function removeList({ client, notices }: Services, path: string): Promise<void> {
  const removed = await client.call('documents.remove', { paths: [path] });
  if (!removed.ok) {
    showFailure(notices, removed.error);
    return;
  }
  const { undo } = removed.value;
  const restore = async () => {
    const restored = await client.call('documents.restore', { undo });
    if (!restored.ok) showFailure(notices, restored.error);
  };
  const { section } = strings;
  showOffer(notices, {
    text: section.removed(listName(path)),
    detail: '',
    label: section.undo,
    run: () => void restore(),
  });
}
