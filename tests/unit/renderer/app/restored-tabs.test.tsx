import { act, cleanup } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { renderPart, show } from '#support/render.tsx';
import { pageOf } from '../../../../src/renderer/app/kept-page.ts';
import { useRestoredTabs } from '../../../../src/renderer/app/restored-tabs.ts';
import { openWorkspace } from '../../../../src/renderer/features/workspace/workspace-commands.ts';
import { changeDraft } from '../../../../src/renderer/state/drafts.ts';
import { changeForm, openFormTab } from '../../../../src/renderer/state/endpoint-commands.ts';
import { changeFilter, filterOfTab } from '../../../../src/renderer/state/filters.ts';
import { isChanged, openSaved, viewOf } from '../../../../src/renderer/state/saved-endpoints.ts';
import { type Services, useServices } from '../../../../src/renderer/state/services.ts';
import { setLayout } from '../../../../src/renderer/state/settings.ts';
import type { EndpointTab } from '../../../../src/renderer/state/tabs.ts';
import { inputsOf } from '../fake-endpoints.ts';
import { type Answers, endpointView } from '../fake-services.ts';
import { FakeWorkspace, savedServer } from '../fake-workspace.ts';

const path = 'endpoints/boiler.yaml';
const environment = 'environments/lab.yaml';

function Page() {
  useRestoredTabs(useServices());
  return null;
}

const settled = () => act(() => vi.advanceTimersByTimeAsync(5_000));

/** Starts a page: a window of the program, which may have been started again meanwhile. */
async function start(
  workspace: FakeWorkspace,
  endpoints = [] as ReturnType<typeof endpointView>[],
  answers: Answers = {},
) {
  const host = await workspace.host(answers);
  show(host.services, { endpoints });
  renderPart(host.services, <Page />);
  await settled();
  return host;
}

/** Closes the window. Its storage is gone. */
async function close(): Promise<void> {
  window.dispatchEvent(new Event('pagehide'));
  await settled();
  cleanup();
  sessionStorage.clear();
}

const endpointTabs = ({ tabs }: Services) =>
  tabs.getState().tabs.filter((tab): tab is EndpointTab => tab.kind === 'endpoint');

function newWorkspace(): FakeWorkspace {
  return new FakeWorkspace({
    [path]: savedServer({ port: 4_000 }),
    [environment]: { kind: 'environment', variables: [], secrets: [] },
  });
}

beforeEach(() => {
  vi.useFakeTimers();
  sessionStorage.clear();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe('the page of a workspace', () => {
  test('comes back after the program ends: tabs, forms, documents, filters, environment and panes', async () => {
    const workspace = newWorkspace();
    const { services } = await start(workspace);
    openFormTab(services, 'client');
    const [client] = endpointTabs(services);
    changeForm(services, client?.id ?? '', { port: '70000' });
    changeDraft(services.drafts, client?.id ?? '', { text: 'half\r\n', changed: true });
    changeFilter(services.filters, client?.id ?? '', { text: 'error' });
    await openSaved(services, path);
    services.workspace.setState({ environment });
    setLayout(services.settings, 'sidebar', 321);
    await close();

    const again = (await start(workspace)).services;
    const [first, second] = endpointTabs(again);
    expect(first).toMatchObject({ form: { role: 'client', port: '70000' }, document: undefined });
    expect(again.drafts.getState().byTab[first?.id ?? '']).toMatchObject({ text: 'half\r\n' });
    expect(filterOfTab(again.filters.getState(), first?.id ?? '').text).toBe('error');
    expect(second).toMatchObject({ form: { port: '4000' }, document: { path, version: 'v1' } });
    expect(again.tabs.getState().active).toBe(second?.id);
    expect(again.workspace.getState().environment).toBe(environment);
    expect(again.settings.getState().layout.sidebar).toBe(321);
  });

  test('has the unsaved changes of a document as such', async () => {
    const workspace = newWorkspace();
    const { services } = await start(workspace);
    await openSaved(services, path);
    changeForm(services, services.tabs.getState().active, { port: '4001' });
    await close();
    const again = (await start(workspace)).services;
    const [tab] = endpointTabs(again);
    expect(tab).toMatchObject({ form: { port: '4001' }, document: { saved: { port: '4000' } } });
    expect(tab && isChanged(tab, viewOf(again, tab))).toBe(true);
  });

  test('says that a document is gone', async () => {
    const workspace = newWorkspace();
    const { services } = await start(workspace);
    await openSaved(services, path);
    await close();
    workspace.write(path, undefined);
    const again = (await start(workspace)).services;
    expect(endpointTabs(again)).toMatchObject([{ form: { port: '4000' }, document: { path, theirs: 'gone' } }]);
  });

  test('takes an endpoint of another run with the same id for another one', async () => {
    const workspace = newWorkspace();
    const running = endpointView('e1', { state: 'listening' });
    const { services } = await start(workspace, [running]);
    expect(endpointTabs(services)).toMatchObject([{ endpoint: 'e1' }]);
    await close();
    const other = endpointView('e1', { config: savedServer({ port: 9_999 }).config, state: 'listening' });
    const again = (await start(workspace, [other])).services;
    expect(endpointTabs(again)).toMatchObject([
      { endpoint: undefined, form: { port: '12345' } },
      { endpoint: 'e1', form: { port: '9999' } },
    ]);
  });

  test('is not replaced before it was loaded, nor by a page that cannot be read', async () => {
    const workspace = newWorkspace();
    workspace.layout = { tabs: 'many' };
    const { services, calls } = await start(workspace, [], { 'layout.get': () => new Promise(() => {}) });
    openFormTab(services, 'client');
    await settled();
    expect(inputsOf({ calls }, 'layout.keep')).toEqual([]);
    expect(endpointTabs(services)).toHaveLength(1);
    cleanup();
    sessionStorage.clear();
    expect(endpointTabs((await start(workspace)).services)).toEqual([]);
  });

  test('keeps what the user opened while it was loaded', async () => {
    const workspace = newWorkspace();
    const { services } = await start(workspace);
    await openSaved(services, path);
    await close();
    const { promise, resolve } = Promise.withResolvers<void>();
    const layout = workspace.layout;
    const again = await start(workspace, [], {
      'layout.get': async () => {
        await promise;
        return { ok: true, value: { layout } };
      },
    });
    openFormTab(again.services, 'client');
    resolve();
    await settled();
    expect(endpointTabs(again.services).map(({ form }) => form.role)).toEqual(['server', 'client']);
    expect(again.services.tabs.getState().active).toBe(endpointTabs(again.services)[1]?.id);
  });

  test('is that of the window that was closed last, while a reload keeps its own', async () => {
    const workspace = newWorkspace();
    const { services } = await start(workspace);
    openFormTab(services, 'client');
    await settled();
    // Another window stores its page.
    const own = workspace.layout;
    workspace.layout = { ...Object(own), tabs: [{ kind: 'start' }], active: 0 };
    window.dispatchEvent(new Event('pagehide'));
    cleanup();
    const again = (await start(workspace)).services;
    expect(endpointTabs(again)).toHaveLength(1);
    expect(workspace.layout).toEqual(pageOf(again));
  });

  test('is exchanged when another workspace is opened, and comes back with its own', async () => {
    const workspace = newWorkspace();
    const layouts = new Map<string, unknown>();
    const answers: Answers = {
      'layout.get': () => ({ ok: true, value: { layout: layouts.get(workspace.id) ?? null } }),
      'layout.keep': ({ layout }) => {
        layouts.set(workspace.id, structuredClone(layout));
        return { ok: true, value: {} };
      },
      'workspace.open': () => {
        workspace.replace(workspace.id === 'w1' ? 'w2' : 'w1');
        return { ok: false, error: { code: 'cancelled', message: '', system: '', hint: '' } };
      },
    };
    const { services } = await start(workspace, [], answers);
    openFormTab(services, 'client');
    await act(() => openWorkspace(services, { id: 'w2' }));
    await settled();
    expect(endpointTabs(services)).toEqual([]);
    openFormTab(services, 'server');
    await act(() => openWorkspace(services, { id: 'w1' }));
    await settled();
    expect(endpointTabs(services).map(({ form }) => form.role)).toEqual(['client']);
    expect(layouts.get('w2')).toMatchObject({
      workspace: 'w2',
      tabs: [{ kind: 'endpoint', form: { role: 'server' } }],
    });
  });
});
