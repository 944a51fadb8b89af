import { act, screen, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { describe, expect, test } from 'vitest';
import { useStore } from 'zustand/react';
import type { DocumentView } from '#shared/contract/documents.ts';
import { fail, ok } from '#shared/failure.ts';
import { ConflictBar } from '../../../../../src/renderer/features/composer/conflict-bar.tsx';
import {
  SavePayloadDialog,
  SaveRecordDialog,
} from '../../../../../src/renderer/features/composer/save-payload-dialog.tsx';
import { type Draft, draftOf } from '../../../../../src/renderer/state/drafts.ts';
import { useServices } from '../../../../../src/renderer/state/services.ts';
import type { EndpointTab } from '../../../../../src/renderer/state/tabs.ts';
import { inputsOf } from '../../fake-endpoints.ts';
import type { Answers } from '../../fake-services.ts';
import { composeOnServer } from './compose-on.tsx';

const view = (path: string, kind: DocumentView['kind'] = 'payload'): DocumentView => {
  return { path, kind, size: 1, version: 'v1' };
};
const documents = new Map([view('payloads/data.json'), view('payloads/lab', 'folder')].map((one) => [one.path, one]));

function dialog(draft: Partial<Draft>, { how = 'save', answers = {} }: { how?: 'save' | 'rename'; answers?: Answers }) {
  const host = composeOnServer((tab) => <SavePayloadDialog tab={tab.id} how={how} />, {
    draft,
    answers: { 'documents.write': () => ok({ kind: 'saved', version: 'v2' }), ...answers },
  });
  return host;
}

/** The dialog over a workspace, which is known before it opens. */
function saving(draft: Partial<Draft>, options: Parameters<typeof dialog>[1] = {}) {
  const host = dialog(draft, options);
  host.services.workspace.setState({ documents });
  return host;
}

const json = { name: 'data.json', format: 'json', text: '{"a":1}', changed: true } as const;
const field = () => screen.getByRole<HTMLInputElement>('textbox', { name: 'Name' });
const button = (name: string) => screen.getByRole<HTMLButtonElement>('button', { name });

describe('the dialog that saves a payload', () => {
  test('writes a new document with the ending of its format, and closes', async () => {
    const { user, calls, draft, services } = saving(json);
    services.dialogs.setState({ kind: 'save-payload', tab: services.tabs.getState().active, how: 'save' }, true);
    await user.clear(field());
    await user.type(field(), 'order');
    await user.click(button('Save'));
    await waitFor(() => expect(services.dialogs.getState().kind).toBe('none'));
    const bytes = new TextEncoder().encode('{"a":1}');
    expect(inputsOf({ calls }, 'documents.write')).toEqual([{ path: 'payloads/order.json', bytes, basedOn: 'new' }]);
    expect(draft()).toMatchObject({ document: 'payloads/order.json', version: 'v2', changed: false });
  });

  test.each([
    ['a name that no system allows', 'nul.json', /device name on Windows/],
    ['a name with a folder', 'lab/x.json', /without “\/”/],
    ['no name', '  ', /Enter a name/],
  ])('refuses %s, and writes nothing', async (_, name, reason) => {
    const { user, calls } = saving(json);
    await user.clear(field());
    await user.type(field(), name);
    await user.click(button('Save'));
    expect(screen.getByRole('alert').textContent).toMatch(reason);
    expect(inputsOf({ calls }, 'documents.write')).toEqual([]);
  });

  test('stays open with the reason if the document exists or cannot be written', async () => {
    const { user } = saving(json, { answers: { 'documents.write': () => ok({ kind: 'conflict' }) } });
    await user.type(field(), '{Enter}');
    expect(await screen.findByText(/a document with this name exists/)).toBeTruthy();
  });

  test('renames the document, and the payload of the tab follows', async () => {
    const own = { ...json, document: 'payloads/data.json', key: 'payloads/data.json' };
    const { user, calls, draft } = saving(own, { how: 'rename', answers: { 'documents.move': () => ok({}) } });
    await user.clear(field());
    await user.type(field(), 'first.json');
    await user.click(button('Rename'));
    await waitFor(() => expect(draft().document).toBe('payloads/first.json'));
    expect(inputsOf({ calls }, 'documents.move')).toEqual([
      { moves: [{ from: 'payloads/data.json', to: 'payloads/first.json' }] },
    ]);
  });

  test('shows why it could not be renamed', async () => {
    const own = { ...json, document: 'payloads/data.json', key: 'payloads/data.json' };
    const { user } = saving(own, {
      how: 'rename',
      answers: { 'documents.move': () => fail('file', 'Could not move “data.json”', { system: 'EACCES' }) },
    });
    await user.clear(field());
    await user.type(field(), 'first.json{Enter}');
    expect(await screen.findByText(/EACCES/)).toBeTruthy();
  });
});

/** The bar over the draft of a tab. */
function Bar({ tab }: { readonly tab: EndpointTab }) {
  const { drafts } = useServices();
  return <ConflictBar tab={tab.id} draft={draftOf(drafts.getState(), tab.id)} comparing={false} onCompare={() => {}} />;
}

describe('the bar of a document that has changed on the disk', () => {
  const mine = { ...json, document: 'payloads/data.json', version: 'v1', saved: '{}', text: '"mine"' };
  const theirs = { version: 'v9', bytes: new Uint8Array(), format: 'json', text: '"theirs"' } as const;
  const bar = (draft: Partial<Draft>) => composeOnServer((tab) => <Bar tab={tab} />, { draft });

  test('keeps the text of the user: the next save is based on the file as it is now', async () => {
    const { user, draft } = bar({ ...mine, conflict: { theirs } });
    expect(screen.getByRole('alert').textContent).toContain('Changed on disk');
    await user.click(button('Keep mine'));
    expect(draft()).toMatchObject({ text: '"mine"', changed: true, version: 'v9', conflict: undefined });
  });

  test('takes the text of the file', async () => {
    const { user, draft } = bar({ ...mine, conflict: { theirs } });
    await user.click(button('Take theirs'));
    expect(draft()).toMatchObject({ text: '"theirs"', changed: false, version: 'v9', conflict: undefined });
  });

  test('of a file that was deleted offers only to keep the text', async () => {
    const { user, draft } = bar({ ...mine, conflict: { theirs: undefined } });
    expect(screen.getByRole('alert').textContent).toContain('Deleted on disk');
    expect(screen.queryByRole('button', { name: 'Take theirs' })).toBeNull();
    await user.click(button('Keep mine'));
    expect(draft()).toMatchObject({ text: '"mine"', version: 'new', conflict: undefined });
  });

  test('says how a document is shown until it is dismissed', async () => {
    const { user, draft } = bar({ ...mine, notice: 'Its bytes are shown as hex.' });
    expect(screen.getByRole('status').textContent).toContain('Its bytes are shown as hex.');
    await user.click(button('Dismiss'));
    expect(draft().notice).toBeUndefined();
  });
});

describe('the dialog that saves a record as a payload', () => {
  const binary = new Uint8Array([0xff, 0, 10]);
  const taken = new Map([...documents, ['payloads/record-3.bin', view('payloads/record-3.bin')] as const]);

  function savingRecord(bytes: Uint8Array, answers: Answers = {}) {
    const known = { 'documents.write': () => ok({ kind: 'saved', version: 'v1' }), ...answers } as Answers;
    const part = () => (
      <WhenOpen>
        <SaveRecordDialog seq={3} bytes={bytes} />
      </WhenOpen>
    );
    const host = composeOnServer(part, { answers: known });
    act(() => {
      host.services.workspace.setState({ documents: taken });
      host.services.dialogs.setState({ kind: 'save-record', seq: 3, bytes }, true);
    });
    return host;
  }

  test('begins with a free name of the format, and writes the bytes to the selected folder', async () => {
    const { user, calls, services } = savingRecord(binary);
    expect(field().value).toBe('record-3 2.bin');
    await user.selectOptions(screen.getByRole('combobox', { name: 'Folder' }), 'payloads/lab');
    await user.clear(field());
    await user.type(field(), 'answer');
    await user.click(button('Save'));
    await waitFor(() => expect(services.dialogs.getState().kind).toBe('none'));
    expect(inputsOf({ calls }, 'documents.write')).toEqual([
      { path: 'payloads/lab/answer.bin', bytes: binary, basedOn: 'new' },
    ]);
  });

  test('writes a .hex file as hex, and calls JSON a .json file', async () => {
    const { user, calls } = savingRecord(new TextEncoder().encode('{"a":1}'));
    expect(field().value).toBe('record-3.json');
    await user.clear(field());
    await user.type(field(), 'a.hex');
    await user.click(button('Save'));
    const bytes = new TextEncoder().encode('7b 22 61 22 3a 31 7d');
    await waitFor(() => expect(inputsOf({ calls }, 'documents.write')).toMatchObject([{ bytes }]));
  });

  test('stays open with the reason if another document has the name', async () => {
    const conflict = ok({ kind: 'conflict', theirs: { version: 'v9', bytes: binary } } as const);
    const { user, services } = savingRecord(binary, { 'documents.write': () => conflict });
    await user.click(button('Save'));
    expect(await screen.findByText(/a document with this name exists/)).toBeTruthy();
    expect(services.dialogs.getState().kind).toBe('save-record');
  });
});

/** Renders its content while a dialog is open. */
function WhenOpen({ children }: { readonly children: ReactNode }) {
  const { dialogs } = useServices();
  return useStore(dialogs, ({ kind }) => kind) === 'none' ? null : children;
}
