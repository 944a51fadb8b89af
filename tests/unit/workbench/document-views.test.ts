import { expect, test } from 'vitest';
import { ok } from '#shared/failure.ts';
import { DocumentViews } from '#workbench/document-views.ts';
import type { Entry } from '#workspace/scan.ts';

const texts: Record<string, string> = {
  'endpoints/boiler.yaml': 'role: client\ntransport: tcp\nhost: device\nport: 502\ncolour: red\n',
  'environments/lab.yaml': 'name: Laboratory\n',
  'lists/broken.yaml': 'steps:\n  - payload: 5\n',
  'payloads/a.json': '{}',
  'payloads/a.json.meta.yaml': 'template: true\nnote: ours\n',
  'payloads/b.json': '{}',
};
const entries = Object.entries(texts).map(
  ([path, text]): Entry => ({ path, kind: 'file', size: text.length, version: `v-${text}` }),
);

function views() {
  const read: string[] = [];
  const of = new DocumentViews((path) => {
    read.push(path);
    return Promise.resolve(ok({ bytes: Buffer.from(texts[path] ?? '') }));
  });
  return { of, read };
}

test('documents are listed with what their rows show, and with the line of a mistake', async () => {
  const { of } = views();
  const { views: list, isComplete } = await of.of([...entries, folder('payloads')], 10_000);
  expect(isComplete).toBe(true);
  expect(list).toMatchObject([
    { kind: 'endpoint', endpoint: { name: 'boiler', role: 'client', address: 'device:502', colour: 'red' } },
    { kind: 'environment', name: 'Laboratory' },
    { kind: 'send-list', problem: { code: 'file', line: 2 } },
    { kind: 'payload', payload: { template: true, note: 'ours' } },
    { kind: 'payload-meta' },
    { kind: 'payload' },
    { kind: 'folder' },
  ]);
  expect(list[5]).not.toHaveProperty('payload');
});

test('a version is read once, and a view that has not changed is the same object', async () => {
  const { of, read } = views();
  const first = await of.of(entries, 10_000);
  const before = read.length;
  const changed = entries.map((entry) => (entry.path.endsWith('.meta.yaml') ? { ...entry, version: 'new' } : entry));
  const second = await of.of(changed, 10_000);
  const differing = second.views.filter((view, at) => view !== first.views[at]).map(({ path }) => path);
  expect(differing).toEqual(['payloads/a.json', 'payloads/a.json.meta.yaml']);
  expect(read.slice(before)).toEqual(['payloads/a.json.meta.yaml', 'payloads/a.json.meta.yaml']);
});

test('without time, documents are listed without their content, which the next list has', async () => {
  const { of, read } = views();
  const first = await of.of(entries, -1);
  expect(first.isComplete).toBe(false);
  expect(first.views.map(({ path }) => path)).toEqual(entries.map(({ path }) => path));
  expect(read).toEqual([]);
  const second = await of.of(entries, 10_000);
  expect(second.isComplete).toBe(true);
  expect(second.views[0]).toHaveProperty('endpoint');
});

function folder(path: string): Entry {
  return { path, kind: 'folder', size: 0, version: '' };
}
