import { act, cleanup, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { encodeUtf8 } from '#shared/bytes/text.ts';
import type { CallInput } from '#shared/contract/contract.ts';
import { ok } from '#shared/failure.ts';
import { renderPart } from '#support/render.tsx';
import { actionById } from '../../../../../src/renderer/actions/actions.ts';
import { keepListDrafts } from '../../../../../src/renderer/features/lists/list-drafts.ts';
import { ListPage } from '../../../../../src/renderer/features/lists/list-page.tsx';
import {
  changeList,
  createLists,
  loadList,
  openList,
  renameList,
  type SendListValue,
} from '../../../../../src/renderer/features/lists/list-store.ts';
import { ListsSection } from '../../../../../src/renderer/features/lists/lists-section.tsx';
import { contextOf, runAction } from '../../../../../src/renderer/state/action.ts';
import { FakeWorkspace } from '../../fake-workspace.ts';

const path = 'lists/warm-up.yaml';
const list: SendListValue = { kind: 'send-list', loop: 1, steps: [] };
const changed: SendListValue = { ...list, loop: 7 };

type Kept = CallInput<'drafts.keep'>;

/** A workspace with one list, and the drafts that the main process has of it. */
function newWorkspace() {
  const workspace = new FakeWorkspace({ [path]: list });
  const drafts = new Map<string, Map<string, Kept>>();
  const own = () => {
    const found = drafts.get(workspace.id) ?? new Map<string, Kept>();
    drafts.set(workspace.id, found);
    return found;
  };
  const start = async () => {
    const host = await workspace.host({
      'drafts.list': () =>
        ok({
          drafts: [...own()].map(([id, draft]) => ({ ...draft, id, keptAt: 1, isOwn: false })),
          problems: [],
        }),
      'drafts.keep': (draft) => {
        own().set(draft.key, draft);
        return ok({});
      },
      'drafts.drop': ({ key }) => {
        own().delete(key);
        return ok({});
      },
    });
    const { services } = host;
    const stop = keepListDrafts(services);
    // The workspace was loaded before: it is loaded again as at a start.
    services.workspace.setState({ view: undefined });
    host.push({ kind: 'workspace', replaced: true, changed: [], removed: [] });
    await settled();
    const edited = (at = path) => services.own(createLists).getState().byPath[at];
    return { ...host, edited, stop };
  };
  return { workspace, drafts: own, start };
}

const settled = () => act(() => vi.advanceTimersByTimeAsync(5_000));

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe('unsaved changes of a send list', () => {
  test('come back when the program was killed, and are gone once they are saved', async () => {
    const { drafts, start } = newWorkspace();
    const first = await start();
    await loadList(first.services, path);
    changeList(first.services, path, { loop: 7 });
    await settled();
    expect(drafts().get(path)).toMatchObject({ basedOn: 'v1', details: { kind: 'send-list' } });
    const pageBefore = drafts().get(path)?.page;
    expect(pageBefore).toBeDefined();
    first.stop();

    const again = await start();
    expect(again.edited()).toEqual({ value: changed, version: 'v1', changed: true, conflict: false });
    // The draft of the page before may be deleted at any time: this one has its own.
    expect(drafts().get(path)).toMatchObject({ takesOver: [path] });
    expect(drafts().get(path)?.page).not.toBe(pageBefore);
    openList(again.services, path);
    runAction(actionById('save-list'), again.services);
    await settled();
    expect(again.edited()).toMatchObject({ changed: false, version: 'v2' });
    expect(drafts().size).toBe(0);
    again.stop();
  });

  test('are all shown where two windows left different ones, and none is lost when one is saved', async () => {
    const { drafts, start } = newWorkspace();
    const draft = (loop: number) => encodeUtf8(JSON.stringify({ ...list, loop }));
    const base = { key: path, basedOn: 'v1', details: { kind: 'send-list' } };
    drafts().set('one', { ...base, bytes: draft(7) });
    drafts().set('other', { ...base, bytes: draft(9) });
    const { services, edited, stop } = await start();
    expect(edited()?.value.loop).toBe(7);
    expect(edited('lists/warm-up 2.yaml')).toMatchObject({ value: { loop: 9 }, changed: true, version: 'new' });
    renderPart(services, <ListsSection />);
    await settled();
    screen.getByRole('button', { name: 'warm-up 2' });
    openList(services, path);
    runAction(actionById('save-list'), services);
    await settled();
    expect(edited('lists/warm-up 2.yaml')?.value.loop).toBe(9);
    expect(drafts().get('lists/warm-up 2.yaml')).toMatchObject({ bytes: draft(9) });
    stop();
  });

  test('are in conflict with a file that was changed meanwhile', async () => {
    const { workspace, drafts, start } = newWorkspace();
    const bytes = encodeUtf8(JSON.stringify(changed));
    drafts().set(path, { key: path, bytes, basedOn: 'v1', details: { kind: 'send-list' } });
    workspace.documents.set(path, { value: { ...list, loop: 2 }, version: 'v2' });
    const { services, stop } = await start();
    renderPart(services, <ListPage path={path} />);
    await settled();
    expect(screen.getByRole('alert').textContent).toContain('This list was changed on disk.');
    expect(screen.getByRole<HTMLInputElement>('textbox', { name: /Runs/ }).value).toBe('7');
    stop();
  });

  test.each([
    ['{"kind":"send-list"', { kind: 'send-list' }],
    ['{"kind":"send-list","loop":-1,"steps":[]}', { kind: 'send-list' }],
    ['{"kind":"environment","variables":[],"secrets":[]}', { kind: 'send-list' }],
    [JSON.stringify(changed), { name: 'a payload' }],
  ])('are not read from %s', async (text, details) => {
    const { drafts, start } = newWorkspace();
    drafts().set(path, { key: path, bytes: encodeUtf8(text), basedOn: 'v1', details });
    const { edited, stop } = await start();
    expect(edited()).toBeUndefined();
    expect(drafts().size).toBe(1);
    stop();
  });

  test('stay with their workspace when another one is opened', async () => {
    const { workspace, drafts, start } = newWorkspace();
    const { services, edited, stop } = await start();
    await loadList(services, path);
    changeList(services, path, { loop: 7 });
    await settled();
    workspace.replace('w2');
    await settled();
    expect(edited()).toBeUndefined();
    expect(drafts().size).toBe(0);
    workspace.replace('w1');
    await settled();
    expect(edited()).toMatchObject({ value: changed, changed: true });
    expect(drafts().size).toBe(1);
    stop();
  });

  test('follow a list that is renamed', async () => {
    const { workspace, drafts, start } = newWorkspace();
    const { services, edited, stop } = await start();
    openList(services, path);
    await loadList(services, path);
    changeList(services, path, { loop: 7 });
    await renameList(services, path, 'other');
    await settled();
    expect([...workspace.documents.keys()]).toEqual(['lists/other.yaml']);
    expect([...drafts().keys()]).toEqual(['lists/other.yaml']);
    expect(edited()).toBeUndefined();
    expect(edited('lists/other.yaml')).toMatchObject({ value: changed });
    stop();
  });
});

test('the actions of a send list are those of its tab, and can run only where they make sense', async () => {
  const { start } = newWorkspace();
  const { services, stop } = await start();
  const can = (id: string) => actionById(id).enabled(contextOf(services));
  expect(can('new-list')).toBe(true);
  expect(can('save-list')).toBe(false);
  openList(services, path);
  await loadList(services, path);
  expect(['save-list', 'run-list', 'stop-list'].map(can)).toEqual([false, false, false]);
  changeList(services, path, { loop: 2 });
  expect(can('save-list')).toBe(true);
  stop();
});
