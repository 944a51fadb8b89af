import { createEvent, fireEvent, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { ok } from '#shared/failure.ts';
import { renderPart } from '#support/render.tsx';
import { useDroppedFiles } from '../../../../src/renderer/app/dropped-files.ts';
import { createServices, type Services, useServices } from '../../../../src/renderer/state/services.ts';
import { inputsOf } from '../fake-endpoints.ts';
import { fakeHost } from '../fake-services.ts';

function Page() {
  useDroppedFiles(useServices());
  return <div data-testid="page" />;
}

const folder = new File([], 'lab');
const file = new File(['{}'], 'a.json');
const items = (isDirectory: boolean) => [
  {
    webkitGetAsEntry: () => ({
      isDirectory,
      isFile: !isDirectory,
      fullPath: '/x',
      file: (done: (one: File) => void) => done(file),
      createReader: () => ({ readEntries: (done: (all: []) => void) => done([]) }),
    }),
  },
];

/** A page of the desktop app or, with `isBrowser`, of the browser host. */
function page(isBrowser = false) {
  const granted: File[] = [];
  const host = fakeHost({
    'workspace.open': () => ({ ok: false, error: { code: 'file', message: 'no', system: '', hint: '' } }),
  });
  const grantFolder = async (one: File) => {
    granted.push(one);
    return ok({ folder: 'folder:1/lab' });
  };
  const services: Services = isBrowser ? host.services : createServices({ ...host.transport, grantFolder });
  services.workspace.setState({ view: { id: 'w', name: 'w', folder: '/w', isDefault: true } });
  renderPart(services, <Page />);
  const drop = (dataTransfer: object) => {
    const event = createEvent.drop(document.body, { dataTransfer });
    fireEvent(document.body, event);
    return event;
  };
  return { ...host, services, granted, drop };
}

test('a folder that is dropped on the window of the desktop app is opened as a workspace', async () => {
  const { drop, granted, calls } = page();
  drop({ types: ['Files'], files: [folder], items: items(true) });
  await waitFor(() => expect(inputsOf({ calls }, 'workspace.open')).toEqual([{ folder: 'folder:1/lab' }]));
  expect(granted).toEqual([folder]);
});

test.each([
  ['the desktop app', false],
  ['a browser', true],
])('files that are dropped on the window of %s are imported', async (_, isBrowser) => {
  const { drop, granted, services } = page(isBrowser);
  const event = drop({ types: ['Files'], files: [file], items: items(false) });
  expect(event.defaultPrevented).toBe(true);
  const dialog = () => services.dialogs.getState();
  await waitFor(() => expect(dialog()).toMatchObject({ kind: 'import', files: [{ path: 'x', file }] }));
  expect(granted).toEqual([]);
});

test('what is dropped while a dialog is open, and what is not a file, is left alone', async () => {
  const { drop, services, granted } = page();
  services.dialogs.setState({ kind: 'settings' });
  drop({ types: ['Files'], files: [folder], items: items(true) });
  const text = drop({ types: ['text/plain'], files: [], items: [] });
  expect(text.defaultPrevented).toBe(false);
  expect(granted).toEqual([]);
  expect(services.dialogs.getState().kind).toBe('settings');
});
