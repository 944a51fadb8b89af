import { describe, expect, test, vi } from 'vitest';
import { fail } from '#shared/failure.ts';
import { changeForm, openFormTab, openTabEndpoint } from '../../../../src/renderer/state/endpoint-commands.ts';
import { changeSaved } from '../../../../src/renderer/state/saved-changes.ts';
import {
  isChanged,
  keepMine,
  openFolder,
  openSaved,
  saveEndpoint,
  saveEndpointAs,
  takeTheirs,
  viewOf,
} from '../../../../src/renderer/state/saved-endpoints.ts';
import type { Services } from '../../../../src/renderer/state/services.ts';
import { activeTab, type EndpointTab } from '../../../../src/renderer/state/tabs.ts';
import { inputsOf } from '../fake-endpoints.ts';
import { FakeWorkspace, savedServer } from '../fake-workspace.ts';

const path = 'endpoints/lab/boiler.yaml';

function shown({ tabs }: Services): EndpointTab {
  const tab = activeTab(tabs.getState());
  if (tab?.kind !== 'endpoint') throw new Error('no endpoint is shown');
  return tab;
}

const hasChanges = (services: Services) => isChanged(shown(services), viewOf(services, shown(services)));

/** A page with the saved endpoint open in a tab. */
async function opened(value = savedServer({ name: 'boiler', port: 4_000 }, { colour: 'red', note: 'west' })) {
  const workspace = new FakeWorkspace({ [path]: value });
  const host = await workspace.host();
  await openSaved(host.services, path);
  return { workspace, ...host };
}

describe('a saved endpoint', () => {
  test('opens in one tab, which knows its document', async () => {
    const { services } = await opened();
    await openSaved(services, path);
    expect(services.tabs.getState().tabs).toHaveLength(1);
    expect(shown(services)).toMatchObject({
      form: { name: 'boiler', port: '4000' },
      document: { path, version: 'v1' },
    });
    expect(hasChanges(services)).toBe(false);
  });

  test('is saved with its colour and note, and has no changes afterwards', async () => {
    const { services, workspace } = await opened();
    changeForm(services, shown(services).id, { port: '4001' });
    expect(hasChanges(services)).toBe(true);
    await saveEndpoint(services, shown(services).id);
    expect(workspace.documents.get(path)?.value).toMatchObject({
      config: { port: 4_001 },
      colour: 'red',
      note: 'west',
    });
    expect(hasChanges(services)).toBe(false);
  });

  test('is not saved while its form is not valid, which shows the errors', async () => {
    const { services, calls } = await opened();
    changeForm(services, shown(services).id, { port: '70000' });
    await saveEndpoint(services, shown(services).id);
    expect(inputsOf({ calls }, 'documents.put')).toEqual([]);
    expect(shown(services).errors).toHaveProperty('port');
  });

  test('that another program changed is loaded again', async () => {
    const { services, workspace } = await opened();
    workspace.write(path, savedServer({ name: 'boiler', port: 5_000 }));
    await vi.waitFor(() => expect(shown(services).form.port).toBe('5000'));
    expect(shown(services).document).toMatchObject({ version: 'v2', theirs: undefined });
  });

  test('with unsaved changes is left as it is when the file changes, until the user decides', async () => {
    const { services, workspace } = await opened();
    const { id } = shown(services);
    changeForm(services, id, { port: '4001' });
    workspace.write(path, savedServer({ name: 'boiler', port: 5_000 }));
    expect(shown(services)).toMatchObject({ form: { port: '4001' }, document: { version: 'v1', theirs: 'v2' } });
    await saveEndpoint(services, id);
    expect(workspace.documents.get(path)?.value).toMatchObject({ config: { port: 5_000 } });
    await keepMine(services, id);
    expect(workspace.documents.get(path)?.value).toMatchObject({ config: { port: 4_001 } });
    expect(shown(services).document).toMatchObject({ version: 'v3', theirs: undefined });
  });

  test('takes the version of the file when the user decides so', async () => {
    const { services, workspace } = await opened();
    const { id } = shown(services);
    changeForm(services, id, { port: '4001' });
    workspace.write(path, savedServer({ name: 'boiler', port: 5_000 }));
    await takeTheirs(services, id);
    expect(shown(services)).toMatchObject({ form: { port: '5000' }, document: { version: 'v2', theirs: undefined } });
    expect(hasChanges(services)).toBe(false);
  });

  test('whose file was deleted is saved again, or becomes an unsaved one', async () => {
    const { services, workspace } = await opened();
    const { id } = shown(services);
    workspace.write(path, undefined);
    expect(shown(services).document?.theirs).toBe('gone');
    await keepMine(services, id);
    expect(workspace.documents.has(path)).toBe(true);
    workspace.write(path, undefined);
    await takeTheirs(services, id);
    expect(shown(services)).toMatchObject({ document: undefined, form: { port: '4000' } });
  });

  test('keeps its tab when it is renamed and moved', async () => {
    const { services, workspace } = await opened();
    const to = 'endpoints/kettle.yaml';
    changeForm(services, shown(services).id, { port: '4001' });
    expect(await changeSaved(services, path, { name: 'kettle', path: to, colour: 'blue' })).toBeUndefined();
    expect([...workspace.documents.keys()]).toEqual([to]);
    expect(workspace.documents.get(to)?.value).toMatchObject({
      colour: 'blue',
      config: { name: 'kettle', port: 4_000 },
    });
    expect(shown(services)).toMatchObject({
      form: { name: 'kettle', port: '4001' },
      document: { path: to, theirs: undefined, rest: { colour: 'blue' } },
    });
  });

  test('gets its secrets from the main process when it is opened, and lends those of the engine when it is saved', async () => {
    const { services, calls } = await opened();
    const { id } = shown(services);
    await openTabEndpoint(services, id);
    expect(inputsOf({ calls }, 'endpoints.createFrom')).toEqual([{ path }]);
    await saveEndpoint(services, id);
    expect(inputsOf({ calls }, 'documents.put')).toMatchObject([{ path, basedOn: 'v1', endpoint: 'e1' }]);
  });
});

describe('an endpoint that is not saved yet', () => {
  test('asks for its name first', async () => {
    const { services } = await new FakeWorkspace().host();
    openFormTab(services, 'client');
    await saveEndpoint(services, shown(services).id);
    expect(services.dialogs.getState()).toEqual({ kind: 'save-endpoint', tab: shown(services).id });
  });

  test('gets a document, and never replaces another one', async () => {
    const workspace = new FakeWorkspace({ [path]: savedServer({ port: 4_000 }) });
    const { services } = await workspace.host();
    openFormTab(services, 'server');
    const { id } = shown(services);
    expect(await saveEndpointAs(services, id, path, {})).toBe('taken');
    expect(workspace.documents.get(path)).toMatchObject({ version: 'v1', value: { config: { port: 4_000 } } });
    expect(shown(services).document).toBeUndefined();
    expect(await saveEndpointAs(services, id, 'endpoints/new.yaml', { colour: 'green' })).toBeUndefined();
    expect(shown(services).document).toMatchObject({ path: 'endpoints/new.yaml', version: 'v2' });
    expect(workspace.documents.get('endpoints/new.yaml')?.value).toMatchObject({ colour: 'green' });
  });

  test('reports why it could not be saved', async () => {
    const { services } = await new FakeWorkspace().host({ 'documents.put': () => fail('file', 'The disk is full') });
    openFormTab(services, 'server');
    expect(await saveEndpointAs(services, shown(services).id, path, {})).toMatchObject({ message: 'The disk is full' });
    expect(shown(services).document).toBeUndefined();
  });
});

test('a folder opens all its endpoints, also those of its folders, and no others', async () => {
  const workspace = new FakeWorkspace({
    'endpoints/lab/b.yaml': savedServer({ port: 2 }),
    'endpoints/lab/west/a.yaml': savedServer({ port: 1 }),
    'endpoints/laboratory.yaml': savedServer({ port: 3 }),
  });
  const { services } = await workspace.host();
  await openFolder(services, 'endpoints/lab');
  const ports = services.tabs.getState().tabs.map((tab) => tab.kind === 'endpoint' && tab.form.port);
  expect(ports).toEqual(['2', '1']);
});
