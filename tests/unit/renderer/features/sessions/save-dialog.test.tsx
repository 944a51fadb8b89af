import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { CallInput, CallOutput } from '#shared/contract/contract.ts';
import type { SessionView } from '#shared/contract/models.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import { saveHandle } from '#support/file-handles.ts';
import { recordedSession, socketInfo } from '#support/recorded-session.ts';
import { renderPart, show } from '#support/render.tsx';
import { SaveDialog } from '../../../../../src/renderer/features/sessions/save-dialog.tsx';
import { formOf } from '../../../../../src/renderer/state/endpoint-form.ts';
import { changeFilter } from '../../../../../src/renderer/state/filters.ts';
import { select } from '../../../../../src/renderer/state/selection.ts';
import { endpointTab } from '../../../../../src/renderer/state/tabs.ts';
import { type Answers, endpointView, fakeHost, sessionView } from '../../fake-services.ts';

const boiler = endpointView('e1');
const sockets = [
  socketInfo({ id: 1, role: 'listener', peer: '' }),
  socketInfo({ id: 2, peer: '127.0.0.1:50002' }),
  socketInfo({ id: 3, peer: '127.0.0.1:50003' }),
];
const { rows, answers: recorded } = recordedSession({
  rows: [
    { preview: 'listening', kind: 'listening', socket: 1 },
    { preview: 'one', socket: 2 },
    { preview: 'two', socket: 3 },
  ],
  sockets,
});

type Estimate = Result<CallOutput<'sessions.estimate'>>;

interface Wish {
  readonly session?: Partial<SessionView>;
  readonly filter?: string;
  /** The socket of the selected record. */
  readonly selected?: number;
  readonly scope?: 'shown';
  readonly answers?: Answers;
}

/** The dialog for a session of three records, in the tab of an endpoint. */
function dialog({ session = {}, filter = '', selected, scope, answers = {} }: Wish = {}) {
  const faked = fakeHost({ ...recorded, 'sessions.estimate': () => ok({ records: 3, bytes: 4_200 }), ...answers });
  const { services } = faked;
  const view = sessionView('s1', { name: 'morning', total: 3, path: '/sessions/s1.wirebench', ...session });
  show(services, { endpoints: [boiler], sessions: [view] });
  const tab = endpointTab(formOf(boiler.config), 'e1');
  services.tabs.setState({ tabs: [tab], active: tab.id });
  changeFilter(services.filters, tab.id, { text: filter });
  const row = rows.find(({ socket }) => socket === selected);
  if (row) select(services.selection, tab.id, { session: 's1', row, info: sockets[row.socket - 1] });
  const user = renderPart(services, <SaveDialog session={view} scope={scope} />);
  const check = async (name: RegExp) => user.click(screen.getByRole('radio', { name }));
  const inputs = <Name extends 'sessions.estimate' | 'sessions.save'>(name: Name) =>
    faked.calls.filter((call) => call.name === name).map(({ input }) => input as CallInput<Name>);
  return { ...faked, user, check, inputs };
}

test('all formats are offered with what they are for, Wirebench’s first', () => {
  dialog();
  const formats = within(screen.getByRole('group', { name: 'Format' })).getAllByRole<HTMLInputElement>('radio');
  expect(formats.map(({ value }) => value)).toEqual([
    'wirebench',
    'pcapng',
    'jsonl',
    'csv',
    'text',
    'html',
    'raw',
    'sqlite',
    'parquet',
  ]);
  expect(formats.filter(({ checked }) => checked).map(({ value }) => value)).toEqual(['wirebench']);
});

test('the records and the size are estimated while they are being chosen', async () => {
  const answers: ((answer: Estimate) => void)[] = [];
  const { check, inputs } = dialog({
    answers: { 'sessions.estimate': () => new Promise((resolve) => answers.push(resolve)) },
  });
  screen.getByText('Counting…');
  await waitFor(() => expect(answers).toHaveLength(1));
  answers[0]?.(ok({ records: 3, bytes: 4_200 }));
  await screen.findByText('3 records, about 4.2 KB');
  await check(/CSV/);
  screen.getByText('Counting…');
  await waitFor(() => expect(answers).toHaveLength(2));
  answers[1]?.(ok({ records: 1, bytes: 90 }));
  await screen.findByText('1 record, about 90 B');
  expect(inputs('sessions.estimate')).toMatchObject([
    { format: 'wirebench', scope: {} },
    { format: 'csv', scope: {} },
  ]);
});

test('an estimate that failed is reported in its place', async () => {
  dialog({ answers: { 'sessions.estimate': () => fail('file', 'Could not read the session') } });
  await screen.findByText('Could not read the session.');
});

test('an estimate under way is cancelled when something else is chosen', async () => {
  const { calls, check, inputs } = dialog({ answers: { 'sessions.estimate': () => new Promise(() => {}) } });
  await waitFor(() => expect(inputs('sessions.estimate')).toHaveLength(1));
  await check(/CSV/);
  expect(calls).toContainEqual({ name: 'jobs.cancel', input: { job: inputs('sessions.estimate')[0]?.job } });
});

test('without a filter there is no choice of what it shows', () => {
  dialog();
  expect(screen.queryByRole('radio', { name: /Filtered records/ })).toBeNull();
  expect(screen.getByRole<HTMLInputElement>('radio', { name: /[Ww]hole session/ }).checked).toBe(true);
});

test('an export of what the filter shows begins with that choice', async () => {
  const { inputs } = dialog({ filter: 'json.id == 7', scope: 'shown' });
  expect(screen.getByRole<HTMLInputElement>('radio', { name: /Filtered records.*json\.id == 7/ }).checked).toBe(true);
  await waitFor(() => expect(inputs('sessions.estimate')).toHaveLength(1));
  expect(inputs('sessions.estimate')[0]?.scope).toEqual({ filter: 'endpoint.id == "e1" && json.id == 7' });
});

test('an export of what the filter shows is one of all where the filter is gone', () => {
  dialog({ scope: 'shown' });
  expect(screen.getByRole<HTMLInputElement>('radio', { name: /[Ww]hole session/ }).checked).toBe(true);
});

test('the records of the tab’s endpoint can be saved alone', async () => {
  const { check, inputs } = dialog();
  await check(/This endpoint/);
  await waitFor(() => expect(inputs('sessions.estimate').at(-1)?.scope).toEqual({ filter: 'endpoint.id == "e1"' }));
});

test('the socket of the selected record is offered first', async () => {
  const { check, user, inputs } = dialog({ selected: 3 });
  await user.click(await screen.findByRole('radio', { name: /One socket/ }));
  const field = screen.getByRole<HTMLSelectElement>('combobox', { name: 'Socket' });
  expect(field.value).toBe('3');
  expect([...field.options].map(({ text }) => text)).toEqual([
    '1 · boiler · listening on 127.0.0.1:5000',
    '2 · boiler · 127.0.0.1:50002',
    '3 · boiler · 127.0.0.1:50003',
  ]);
  await user.selectOptions(field, '2');
  await check(/CSV/);
  await waitFor(() => expect(inputs('sessions.estimate').at(-1)).toMatchObject({ scope: { sockets: [2] } }));
});

test('raw bytes of several streams become an archive, of one socket and direction a plain file', async () => {
  const { check, user } = dialog();
  await check(/Raw bytes/);
  screen.getByText(/tar archive/);
  await user.click(await screen.findByRole('radio', { name: /One socket/ }));
  await user.selectOptions(screen.getByRole('combobox', { name: 'Direction' }), 'in');
  screen.getByText('One file: the byte stream of this socket and direction.');
});

test('Save asks the host for the file and writes the chosen part in the chosen format', async () => {
  const { check, inputs, services, user } = dialog({
    answers: {
      'dialogs.save': ({ suggestedName }) => ok({ target: saveHandle(suggestedName) }),
      'sessions.save': () => ok({ path: '/home/me/morning-out.csv', records: 2, bytes: 99 }),
    },
  });
  await check(/CSV/);
  await user.selectOptions(screen.getByRole('combobox', { name: 'Direction' }), 'out');
  await user.click(screen.getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(services.notices.getState().notices).toHaveLength(1));
  expect(inputs('sessions.save')).toMatchObject([
    { session: 's1', format: 'csv', target: saveHandle('morning-out.csv'), scope: { direction: 'out' } },
  ]);
  expect(services.notices.getState()).toMatchObject({
    jobs: [],
    notices: [{ text: 'Saved 2 records as morning-out.csv', detail: '/home/me/morning-out.csv' }],
  });
});

test('a recording can be moved instead of copied as long as all of it is meant', async () => {
  const { check, services, user } = dialog();
  screen.getByText(/Saves a copy of morning; recording continues/);
  await check(/CSV/);
  expect(screen.queryByRole('button', { name: /Move the recording|different file/ })).toBeNull();
  await check(/Wirebench session/);
  await user.click(screen.getByRole('button', { name: /Move the recording|different file/ }));
  await waitFor(() => expect(services.dialogs.getState().kind).toBe('recording-place'));
});

test('an opened session cannot be moved', () => {
  dialog({ session: { state: 'read-only' } });
  expect(screen.queryByRole('button', { name: /Move the recording|different file/ })).toBeNull();
});

test('CSV says what becomes of formulas, and keeps them where that is wanted', async () => {
  const saving = {
    'dialogs.save': () => ok({ target: saveHandle('x.csv') }),
    'sessions.save': () => fail('file', 'no'),
  };
  const { check, user, inputs } = dialog({ answers: saving });
  expect(screen.queryByRole('checkbox', { name: 'Keep formulas' })).toBeNull();
  await check(/CSV/);
  screen.getByText(/a spreadsheet would run .* is preceded by an apostrophe/);
  await user.click(screen.getByRole('checkbox', { name: 'Keep formulas' }));
  await user.click(screen.getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(inputs('sessions.save')).toMatchObject([{ format: 'csv', keepFormulas: true }]));
});

test('the name of a session is shown with what would turn it around', () => {
  dialog({ session: { name: 'log\u202egnp.exe\u001b' } });
  screen.getByText(/Saves a copy of log⟨U\+202E⟩gnp\.exe\\x1b/);
});
