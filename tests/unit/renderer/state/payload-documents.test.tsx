import { describe, expect, test } from 'vitest';
import { defaultClient } from '#shared/endpoint/endpoint-config.ts';
import { ok } from '#shared/failure.ts';
import { keepDrafts } from '../../../../src/renderer/state/draft-keeping.ts';
import { changeDraft, draftOf, emptyDraft } from '../../../../src/renderer/state/drafts.ts';
import { formOf } from '../../../../src/renderer/state/endpoint-form.ts';
import { followPayloads } from '../../../../src/renderer/state/followed-payloads.ts';
import { createKeptDrafts } from '../../../../src/renderer/state/kept-drafts.ts';
import {
  keepMine,
  openPayload,
  savePayload,
  savePayloadAs,
  showPayload,
  takeTheirs,
} from '../../../../src/renderer/state/payload-documents.ts';
import { endpointTab } from '../../../../src/renderer/state/tabs.ts';
import { createWorkspaceKeepers, loadWorkspace, rescanOnFocus } from '../../../../src/renderer/state/workspace.ts';
import { inputsOf } from '../fake-endpoints.ts';
import { fakeHost } from '../fake-services.ts';

const path = 'payloads/a.json';
const other = 'payloads/b.json';

/** A workspace in memory: each text is its own version. */
function memory(files: Record<string, string> = { [path]: '{"a":1}', [other]: '{"b":1}' }) {
  const texts = new Map(Object.entries(files));
  const drafts = new Map<
    string,
    { key: string; bytes: Uint8Array; basedOn: string; details: Record<string, unknown> }
  >();
  const bytesOf = (at: string) => new TextEncoder().encode(texts.get(at));
  const versionOf = (at: string) => `v ${texts.get(at)}`;
  let id = 'w';
  const view = () => ({
    ...{ id, name: 'w', folder: '/w', isDefault: true },
    documents: [...texts.keys()].map((at) => ({
      ...{ path: at, kind: 'payload' as const, size: 1, version: versionOf(at) },
    })),
  });
  const host = fakeHost({
    'workspace.get': () => ok(view()),
    'documents.read': ({ path: at }) => ok({ bytes: bytesOf(at), version: versionOf(at) }),
    'documents.write': ({ path: at, bytes, basedOn }) => {
      if ((texts.has(at) ? versionOf(at) : 'new') !== basedOn) {
        return ok({ kind: 'conflict', theirs: { version: versionOf(at), bytes: bytesOf(at) } });
      }
      texts.set(at, new TextDecoder().decode(bytes));
      return ok({ kind: 'saved', version: versionOf(at) });
    },
    'drafts.list': () =>
      ok({
        drafts: [...drafts.values()].map((draft) => ({ ...draft, id: draft.key, keptAt: 1, isOwn: false })),
        problems: [],
      }),
    'drafts.keep': (draft) => {
      drafts.set(draft.key, draft);
      return ok({});
    },
    'drafts.drop': ({ key }) => {
      drafts.delete(key);
      return ok({});
    },
  });
  const { services } = host;
  const tab = endpointTab(formOf(defaultClient));
  services.tabs.setState({ tabs: [tab], active: tab.id });
  const scan = () => loadWorkspace(services.client, services.workspace);
  /** Opens another workspace with the same files; each has its own drafts. */
  const open = async (next: string) => {
    for (const keep of services.own(createWorkspaceKeepers)) await keep();
    await replace(next);
  };
  const others = new Map<string, typeof drafts extends Map<string, infer Draft> ? Draft[] : never>();
  const replace = async (next: string) => {
    others.set(id, [...drafts.values()]);
    drafts.clear();
    for (const draft of others.get(next) ?? []) drafts.set(draft.key, draft);
    id = next;
    await scan();
  };
  const draft = () => draftOf(services.drafts.getState(), tab.id);
  const write = (text: string) => changeDraft(services.drafts, tab.id, { text, changed: true });
  return { ...host, tab: tab.id, texts, drafts, scan, draft, write, open, replace };
}

describe('a payload in the composer', () => {
  test('is saved in its document, and is unchanged again after undo to what was saved', async () => {
    const { services, tab, texts, draft, write } = memory();
    await openPayload(services, tab, path);
    expect(draft()).toMatchObject({ name: 'a.json', format: 'json', text: '{"a":1}', changed: false });
    write('{"a":2}');
    expect(draft().changed).toBe(true);
    write('{"a":1}');
    expect(draft().changed).toBe(false);
    write('{"a":3}');
    await savePayload(services, tab);
    expect(texts.get(path)).toBe('{"a":3}');
    expect(draft()).toMatchObject({ changed: false, version: 'v {"a":3}' });
  });

  test('is put away with its changes when another one is opened, and comes back with them', async () => {
    const { services, tab, draft, write } = memory();
    await openPayload(services, tab, path);
    write('{"a":2}');
    await openPayload(services, tab, other);
    expect(draft()).toMatchObject({ document: other, text: '{"b":1}', changed: false });
    await openPayload(services, tab, path);
    expect(draft()).toMatchObject({ document: path, text: '{"a":2}', changed: true, conflict: undefined });
  });

  test('that is not a document never replaces one when it is saved', async () => {
    const { services, tab, texts, draft } = memory();
    await openPayload(services, tab, path);
    showPayload(services, tab, { name: 'sample', format: 'text', text: 'sample' });
    expect(draft().document).toBeUndefined();
    expect(await savePayloadAs(services, tab, path)).toMatchObject({ system: 'a document with this name exists' });
    expect(texts.get(path)).toBe('{"a":1}');
  });

  test('is loaded again when its file changes, and with unsaved changes the user decides', async () => {
    const { services, tab, texts, scan, draft, write } = memory();
    const stop = followPayloads(services);
    await openPayload(services, tab, path);
    texts.set(path, '{"a":"theirs"}');
    await scan();
    await expect.poll(() => draft().text).toBe('{"a":"theirs"}');
    write('{"a":"mine"}');
    texts.set(path, '{"a":"again"}');
    await scan();
    await expect.poll(() => draft().conflict?.theirs?.text).toBe('{"a":"again"}');
    expect(draft().text).toBe('{"a":"mine"}');
    keepMine(services, tab);
    await savePayload(services, tab);
    expect(texts.get(path)).toBe('{"a":"mine"}');
    stop();
  });

  test('is not saved over a change by someone else', async () => {
    const { services, tab, texts, draft, write } = memory();
    await openPayload(services, tab, path);
    write('{"a":"mine"}');
    texts.set(path, '{"a":"theirs"}');
    await savePayload(services, tab);
    expect(texts.get(path)).toBe('{"a":"theirs"}');
    expect(draft().conflict?.theirs?.text).toBe('{"a":"theirs"}');
    takeTheirs(services, tab);
    expect(draft()).toMatchObject({ text: '{"a":"theirs"}', changed: false, conflict: undefined });
  });
});

describe('unsaved changes', () => {
  test('are kept until they are saved', async () => {
    const { services, tab, drafts, scan, write } = memory();
    const stop = keepDrafts(services);
    await scan();
    await openPayload(services, tab, path);
    write('{"a":2}');
    window.dispatchEvent(new Event('pagehide'));
    await expect.poll(() => new TextDecoder().decode(drafts.get(path)?.bytes)).toBe('{"a":2}');
    await savePayload(services, tab);
    window.dispatchEvent(new Event('pagehide'));
    await expect.poll(() => drafts.size).toBe(0);
    stop();
  });

  test('that were never saved are listed after a restart', async () => {
    const first = memory();
    const stop = keepDrafts(first.services);
    await first.scan();
    await expect.poll(() => inputsOf(first, 'drafts.list')).toHaveLength(1);
    first.write('never saved');
    window.dispatchEvent(new Event('pagehide'));
    await expect.poll(() => first.drafts.size).toBe(1);
    stop();

    const second = memory();
    for (const [key, draft] of first.drafts) second.drafts.set(key, draft);
    const stopSecond = keepDrafts(second.services);
    await second.scan();
    const kept = () => [...second.services.own(createKeptDrafts).getState().byKey.values()];
    await expect.poll(() => kept().map(({ text }) => text)).toEqual(['never saved']);
    stopSecond();
  });

  test('stay with their workspace when another one is opened', async () => {
    const { services, tab, drafts, scan, draft, write, open } = memory();
    const stops = [keepDrafts(services), followPayloads(services)];
    await scan();
    await openPayload(services, tab, path);
    write('{"a":2}');
    await open('w2');
    await expect.poll(() => services.own(createKeptDrafts).getState().byKey.size).toBe(0);
    expect(draft()).toMatchObject({ document: undefined, text: emptyDraft.text });
    window.dispatchEvent(new Event('pagehide'));
    expect([...drafts.keys()]).toEqual([]);

    await open('w');
    await openPayload(services, tab, path);
    await expect.poll(() => draft()).toMatchObject({ document: path, text: '{"a":2}', changed: true });
    expect([...drafts.keys()]).toEqual([path]);
    for (const stop of stops) stop();
  });

  test('that were not kept when another window opened a workspace are listed in that one', async () => {
    const { services, tab, scan, write, replace } = memory();
    const stop = keepDrafts(services);
    await scan();
    await openPayload(services, tab, path);
    write('{"a":2}');
    write('{"a":3}');
    await replace('w2');
    const kept = () => [...services.own(createKeptDrafts).getState().byKey.values()];
    await expect.poll(() => kept()).toMatchObject([{ name: 'a.json', text: '{"a":3}', document: undefined }]);
    stop();
  });
});

test('changes by other programs are looked for when the window gets the focus', () => {
  const { services, calls } = memory();
  const stop = rescanOnFocus(services.client);
  window.dispatchEvent(new Event('focus'));
  expect(inputsOf({ calls }, 'workspace.rescan')).toHaveLength(1);
  stop();
  window.dispatchEvent(new Event('focus'));
  expect(inputsOf({ calls }, 'workspace.rescan')).toHaveLength(1);
});
