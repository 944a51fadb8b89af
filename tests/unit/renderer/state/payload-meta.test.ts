import { describe, expect, test } from 'vitest';
import type { DocumentValue } from '#shared/contract/documents.ts';
import { defaultClient } from '#shared/endpoint/endpoint-config.ts';
import { fail, ok } from '#shared/failure.ts';
import { changeDraft, type Draft, draftOf } from '../../../../src/renderer/state/drafts.ts';
import { formOf } from '../../../../src/renderer/state/endpoint-form.ts';
import { followPayloads } from '../../../../src/renderer/state/followed-payloads.ts';
import { openPayload, savePayload, savePayloadAs } from '../../../../src/renderer/state/payload-documents.ts';
import { endpointTab } from '../../../../src/renderer/state/tabs.ts';
import { loadWorkspace } from '../../../../src/renderer/state/workspace.ts';
import { inputsOf } from '../fake-endpoints.ts';
import { fakeHost } from '../fake-services.ts';

type Meta = Extract<DocumentValue, { kind: 'payload-meta' }>;

const path = 'payloads/a.txt';
const metaPath = `${path}.meta.yaml`;
const usual: Meta = { kind: 'payload-meta', template: false, encoding: 'utf-8' };

/** A workspace with the payload `path` and its meta file. */
async function opened(text: Uint8Array | string, meta?: Meta) {
  const files = new Map<string, Uint8Array | Meta>([
    [path, typeof text === 'string' ? new TextEncoder().encode(text) : text],
    ...(meta ? [[metaPath, meta] as const] : []),
  ]);
  const versionOf = (at: string) => (files.has(at) ? `v ${JSON.stringify(files.get(at))}` : 'new');
  const host = fakeHost({
    'workspace.get': () =>
      ok({
        ...{ id: 'w', name: 'w', folder: '/w', isDefault: true },
        documents: [...files.keys()].map((at) => ({
          ...{ path: at, kind: at.endsWith('.yaml') ? ('payload-meta' as const) : ('payload' as const), size: 1 },
          version: versionOf(at),
        })),
      }),
    'documents.read': ({ path: at }) => ok({ bytes: files.get(at) as Uint8Array, version: versionOf(at) }),
    'documents.write': ({ path: at, bytes }) => {
      files.set(at, bytes);
      return ok({ kind: 'saved', version: versionOf(at) });
    },
    'documents.value': ({ path: at }) => {
      const value = files.get(at);
      if (!value || value instanceof Uint8Array) return fail('file', 'Could not read it', { system: 'line 1: broken' });
      return ok({ value, version: versionOf(at), notices: [], missing: [] });
    },
    'documents.put': ({ path: at, value, basedOn }) => {
      if (versionOf(at) !== basedOn)
        return ok({ kind: 'conflict', theirs: { version: versionOf(at), bytes: new Uint8Array() } });
      files.set(at, value as Meta);
      return ok({ kind: 'saved', version: versionOf(at) });
    },
  });
  const { services } = host;
  const tab = endpointTab(formOf(defaultClient));
  services.tabs.setState({ tabs: [tab], active: tab.id });
  const scan = () => loadWorkspace(services.client, services.workspace);
  await scan();
  await openPayload(services, tab.id, path);
  return {
    ...host,
    ...{ files, scan, tab: tab.id },
    draft: () => draftOf(services.drafts.getState(), tab.id),
    change: (change: Partial<Draft>) => changeDraft(services.drafts, tab.id, change),
    save: () => savePayload(services, tab.id),
  };
}

describe('the meta file of a payload', () => {
  test('is read with the payload: its text in the encoding, and how it is sent', async () => {
    const meta = { ...usual, encoding: 'iso-8859-1', framing: 'raw', lineEnds: 'crlf' } as const;
    const { draft } = await opened(Uint8Array.of(0xe9), meta);
    const form = { encoding: 'iso-8859-1', frame: false, lineEnd: 'crlf' };
    expect(draft()).toMatchObject({ text: 'é', changed: false, ...form });
  });

  test('sets the framing that the payload is sent with, which saving keeps', async () => {
    const { files, draft, change, save } = await opened('a', { ...usual, framing: 'len:4be' });
    expect(draft()).toMatchObject({ framing: 'len:4be', frame: true, changed: false });
    change({ template: true });
    await save();
    expect(files.get(metaPath)).toMatchObject({ template: true, framing: 'len:4be' });
    change({ frame: false });
    await save();
    expect(files.get(metaPath)).toMatchObject({ framing: 'raw' });
  });

  test('gets what was changed in the composer when the payload is saved, and keeps the rest', async () => {
    const { files, draft, change, save } = await opened('é', { ...usual, note: 'Mine', favourite: 2 });
    change({ encoding: 'iso-8859-1', checksum: { spec: 'xor' }, frame: false });
    expect(draft().changed).toBe(true);
    await save();
    expect(files.get(path)).toEqual(Uint8Array.of(0xe9));
    const saved = { note: 'Mine', favourite: 2, encoding: 'iso-8859-1', checksum: { spec: 'xor' }, framing: 'raw' };
    expect(files.get(metaPath)).toEqual({ ...usual, ...saved });
    expect(draft()).toMatchObject({ changed: false, text: 'é' });
  });

  test('is not written for what has its default, and undoing a change leaves the payload unchanged', async () => {
    const { draft, change, save, ...host } = await opened('a');
    change({ template: true });
    expect(draft().changed).toBe(true);
    change({ template: false });
    expect(draft().changed).toBe(false);
    change({ text: 'a\r\nb' });
    change({ text: 'a' });
    expect(draft()).toMatchObject({ changed: false, lineEnd: 'lf' });
    change({ text: 'b' });
    await save();
    expect(inputsOf(host, 'documents.put')).toEqual([]);
  });

  test('is listed as soon as it is saved, before the workspace reports it', async () => {
    const { services, files, change, save, tab } = await opened('a');
    const listed = (at: string) => services.workspace.getState().documents.get(at);
    change({ template: true });
    await save();
    expect(listed(metaPath)).toMatchObject({
      kind: 'payload-meta',
      version: `v ${JSON.stringify(files.get(metaPath))}`,
    });
    change({ template: false, checksum: { spec: 'xor' } });
    await save();
    expect(listed(metaPath)?.version).toBe(`v ${JSON.stringify({ ...usual, checksum: { spec: 'xor' } })}`);
    await savePayloadAs(services, tab, 'payloads/b.txt');
    expect(listed('payloads/b.txt.meta.yaml')?.version).toBe(listed(metaPath)?.version);
  });

  test('of another program stays listed when the payload is saved without a change of its settings', async () => {
    const { services, files, scan, change, save } = await opened('a');
    files.set(metaPath, { ...usual, note: 'theirs' });
    await scan();
    const before = services.workspace.getState().documents.get(metaPath);
    change({ text: 'b' });
    await save();
    expect(before).toBeDefined();
    expect(services.workspace.getState().documents.get(metaPath)).toEqual(before);
  });

  test('has the line end that was selected for a text without line ends', async () => {
    const { files, draft, change, save } = await opened('a');
    change({ lineEnd: 'crlf' });
    change({ text: 'ab' });
    change({ text: 'a' });
    expect(draft()).toMatchObject({ changed: true, lineEnd: 'crlf' });
    await save();
    expect(files.get(metaPath)).toMatchObject({ lineEnds: 'crlf' });
  });

  test('of a payload that is saved for the first time has what was selected', async () => {
    const { services, tab, files, draft, change } = await opened('a');
    change({ document: undefined, saved: undefined, savedForm: undefined, template: true, text: '{{ n }}' });
    expect(await savePayloadAs(services, tab, 'payloads/new.txt')).toBeUndefined();
    expect(files.get('payloads/new.txt.meta.yaml')).toEqual({ ...usual, template: true });
    expect(draft()).toMatchObject({ document: 'payloads/new.txt', changed: false });
  });

  test('that changes on the disk is followed; both changes are kept where they are of different settings', async () => {
    const { services, files, scan, draft, change, save } = await opened('a', usual);
    const stop = followPayloads(services);
    files.set(metaPath, { ...usual, checksum: { spec: 'xor' } });
    await scan();
    await expect.poll(() => draft().checksum).toEqual({ spec: 'xor' });
    expect(draft().changed).toBe(false);
    change({ template: true });
    files.set(metaPath, { ...usual, checksum: { spec: 'sum-8' } });
    await scan();
    await expect.poll(() => draft().checksum).toEqual({ spec: 'sum-8' });
    expect(draft()).toMatchObject({ template: true, changed: true, notice: undefined });
    await save();
    expect(files.get(metaPath)).toEqual({ ...usual, template: true, checksum: { spec: 'sum-8' } });
    stop();
  });

  test('with another value on the disk for a changed setting says so', async () => {
    const { services, files, scan, draft, change } = await opened('a', usual);
    const stop = followPayloads(services);
    change({ checksum: { spec: 'xor' } });
    files.set(metaPath, { ...usual, checksum: { spec: 'sum-8' } });
    await scan();
    await expect.poll(() => draft().notice).toContain('also changed on disk');
    expect(draft()).toMatchObject({ checksum: { spec: 'xor' }, changed: true });
    stop();
  });

  test('that cannot be read is said, and not overwritten', async () => {
    const { services, files, draft, change, save } = await opened('a', new Uint8Array() as never);
    expect(draft().notice).toContain('broken');
    change({ template: true });
    await save();
    expect(files.get(metaPath)).toBeInstanceOf(Uint8Array);
    expect(services.notices.getState().notices).toMatchObject([{ failure: { system: 'line 1: broken' } }]);
    expect(draft().changed).toBe(true);
  });
});
