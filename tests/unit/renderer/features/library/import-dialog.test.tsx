import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { maxDocumentBytes } from '#shared/contract/documents.ts';
import { fail, ok } from '#shared/failure.ts';
import { renderPart } from '#support/render.tsx';
import { ImportDialog } from '../../../../../src/renderer/features/library/import-dialog.tsx';
import { Notices } from '../../../../../src/renderer/features/notices/notices.tsx';
import { showDialog } from '../../../../../src/renderer/state/dialogs.ts';
import { loadWorkspace } from '../../../../../src/renderer/state/workspace.ts';
import { inputsOf } from '../../fake-endpoints.ts';
import { type Answers, fakeHost } from '../../fake-services.ts';

const selected = (path: string, content: BlobPart) => ({
  path,
  file: new File([content], path.split('/').at(-1) ?? ''),
});

/** A workspace in memory whose documents have their paths as versions. */
async function dialog(files: ReturnType<typeof selected>[], answers: Answers = {}) {
  const documents = new Map([['payloads/a.json', 'before']]);
  const write = (path: string) => {
    documents.set(path, `v ${path}`);
    return ok({ kind: 'saved' as const, version: `v ${path}` });
  };
  const host = fakeHost({
    'workspace.get': () =>
      ok({
        ...{ id: 'w', name: 'w', folder: '/w', isDefault: true },
        documents: [...documents].map(([path, version]) => ({ path, kind: 'payload' as const, size: 1, version })),
      }),
    'documents.write': ({ path }) => write(path),
    'documents.put': ({ path }) => write(path),
    'documents.remove': ({ paths }) => {
      for (const path of paths)
        for (const other of documents.keys())
          if (other === path || other.startsWith(`${path}/`)) documents.delete(other);
      return ok({ undo: 'u' });
    },
    ...answers,
  });
  const { services } = host;
  await loadWorkspace(services.client, services.workspace);
  showDialog(services.dialogs, { kind: 'import', files });
  const user = renderPart(
    services,
    <>
      <ImportDialog files={files} folder={undefined} />
      <Notices />
    </>,
  );
  const isOpen = () => services.dialogs.getState().kind === 'import';
  return { ...host, user, documents, isOpen };
}

const button = (name: string | RegExp) => screen.getByRole<HTMLButtonElement>('button', { name });

describe('the import of files', () => {
  test('shows what they become, keeps folders, never replaces a document, and is undone', async () => {
    const { user, documents, isOpen, calls } = await dialog([
      selected('a.json', '{}'),
      selected('lab/b.xml', '<b/>'),
      selected('lab/deep/c', 'text'),
    ]);
    await screen.findByText('payloads/lab/deep/c.txt');
    expect(screen.getByText('To be imported: 3 payloads')).toBeTruthy();
    await user.click(button('Import 3 documents'));
    await waitFor(() => expect(isOpen()).toBe(false));
    const written = ['payloads/a 2.json', 'payloads/lab/b.xml', 'payloads/lab/deep/c.txt'];
    expect([...documents.keys()]).toEqual(['payloads/a.json', ...written]);
    await user.click(await screen.findByRole('button', { name: 'Undo' }));
    await screen.findByText('Removed 3 payloads again');
    expect([...documents.keys()]).toEqual(['payloads/a.json']);
    // The folder that the import has created goes with its content.
    expect(inputsOf({ calls }, 'documents.remove')).toEqual([{ paths: ['payloads/lab', 'payloads/a 2.json'] }]);
  });

  test('puts a meta file beside the payload that it is of, also under another name', async () => {
    const { user, documents, calls } = await dialog([
      selected('a.json', '{}'),
      selected('a.json.meta.yaml', 'template: true\n'),
    ]);
    expect(await screen.findByText('with its meta file')).toBeTruthy();
    await user.click(button('Import 1 document'));
    await waitFor(() => expect(documents.has('payloads/a 2.json.meta.yaml')).toBe(true));
    expect(inputsOf({ calls }, 'documents.write')).toEqual([
      { path: 'payloads/a 2.json', bytes: new TextEncoder().encode('{}'), basedOn: 'new' },
      { path: 'payloads/a 2.json.meta.yaml', bytes: new TextEncoder().encode('template: true\n'), basedOn: 'new' },
    ]);
  });

  test('undone later, leaves what was changed since then', async () => {
    const { user, documents, services } = await dialog([selected('lab/b.xml', '<b/>'), selected('lab/c.xml', '<c/>')]);
    await user.click(await screen.findByRole('button', { name: 'Import 2 documents' }));
    const undo = await screen.findByRole('button', { name: 'Undo' });
    documents.set('payloads/lab/b.xml', 'changed');
    await act(() => loadWorkspace(services.client, services.workspace));
    await user.click(undo);
    await screen.findByText('1 document changed since then, and stayed.');
    expect([...documents.keys()]).toEqual(['payloads/a.json', 'payloads/lab/b.xml']);
  });

  test('says what is refused and why, before and after', async () => {
    const large = selected('large.bin', '');
    Object.defineProperty(large.file, 'size', { value: maxDocumentBytes + 1 });
    const { user, documents } = await dialog([
      large,
      selected('lab/.git/config', 'x'),
      selected('packets.ini', '[a]\nname=ok\nhexString=00\n[b]\nname=bad\nhexString=7g\n'),
    ]);
    const refused = await screen.findByRole('region', { name: 'Not imported' });
    const reasons = () => [...refused.querySelectorAll('li')].map(({ textContent }) => textContent);
    await waitFor(() => expect(reasons()).toHaveLength(3));
    expect(reasons()[0]).toContain('Could not import lab/.git/config: its name or the name of its folder begins');
    expect(reasons()[1]).toContain('Could not import large.bin: a payload has at most 16.8 MB');
    expect(reasons()[2]).toContain('packet “bad”');
    await user.click(button('Import 1 document'));
    await waitFor(() => expect(screen.getAllByText('Imported 1 payload')).toHaveLength(2));
    expect([...documents.keys()]).toEqual(['payloads/a.json', 'payloads/ok.bin']);
    expect(screen.getByRole('region', { name: 'Not imported' }).querySelectorAll('li')).toHaveLength(3);
    await user.click(button('Close'));
  });

  test('goes on after a document that cannot be written', async () => {
    const { user, documents } = await dialog([selected('b.json', '{}'), selected('c.json', '{}')], {
      'documents.write': ({ path }) => {
        if (path.endsWith('b.json')) return fail('file', 'Could not save “b.json”', { system: 'ENOSPC' });
        documents.set(path, 'v');
        return ok({ kind: 'saved', version: 'v' });
      },
    });
    await user.click(await screen.findByRole('button', { name: 'Import 2 documents' }));
    expect(await screen.findByText(/ENOSPC/)).toBeTruthy();
    expect(documents.has('payloads/c.json')).toBe(true);
  });
});

test('command lines are imported as payloads and endpoints, and each that is not one is refused', async () => {
  const { user, documents, calls, isOpen } = await dialog([]);
  expect(button('Import').disabled).toBe(true);
  const field = screen.getByLabelText('Commands of nc, ncat and socat');
  fireEvent.change(field, { target: { value: 'echo hi | nc 127.0.0.1 6000\nrm -rf /' } });
  expect(screen.getByText('To be imported: 1 payload and 1 endpoint')).toBeTruthy();
  expect(screen.getByText(/Could not read the command “rm -rf \/”/)).toBeTruthy();
  fireEvent.change(field, { target: { value: 'echo hi | nc 127.0.0.1 6000' } });
  await user.click(button('Import 2 documents'));
  await waitFor(() => expect(isOpen()).toBe(false));
  expect([...documents.keys()].slice(1)).toEqual(['payloads/127.0.0.1-6000.txt', 'endpoints/127.0.0.1-6000.yaml']);
  expect(inputsOf({ calls }, 'documents.put')).toMatchObject([
    { basedOn: 'new', value: { kind: 'endpoint', config: { role: 'client', host: '127.0.0.1', port: 6_000 } } },
  ]);
});
