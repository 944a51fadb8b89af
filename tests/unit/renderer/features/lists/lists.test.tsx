import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import type { DocumentView } from '#shared/contract/documents.ts';
import type { JobView } from '#shared/contract/jobs/catalogue.ts';
import { fail, ok } from '#shared/failure.ts';
import { renderPart, show } from '#support/render.tsx';
import { ListPage } from '../../../../../src/renderer/features/lists/list-page.tsx';
import type { SendListValue } from '../../../../../src/renderer/features/lists/list-store.ts';
import { ListsSection } from '../../../../../src/renderer/features/lists/lists-section.tsx';
import { Notices } from '../../../../../src/renderer/features/notices/notices.tsx';
import { activeTab } from '../../../../../src/renderer/state/tabs.ts';
import { inputsOf } from '../../fake-endpoints.ts';
import { type Answers, clientView, fakeHost, socketView } from '../../fake-services.ts';

const path = 'lists/warm-up.yaml';
const documentOf = (at: string, kind: DocumentView['kind'], version = 'v1'): DocumentView => {
  return { path: at, kind, size: 1, version };
};
const step = (payload: string, change: object = {}) => ({ payload, enabled: true, delayMs: 0, count: 1, ...change });
const list: SendListValue = {
  kind: 'send-list',
  loop: 1,
  steps: [step('hello'), step('login', { expect: { filter: 'ok', timeoutMs: 500 } }), step('bye')],
};
const job = (change: Partial<JobView<'list'>> = {}): JobView<'list'> => ({
  ...{
    kind: 'list',
    id: 'j1',
    endpoint: 'c',
    state: 'running',
    elapsedMs: 10,
    list: path,
    loops: 1,
    usesSecret: false,
  },
  ...{ step: 1, row: 0, loop: 1, phase: 'replying', sent: 2, failed: 0, replies: 1 },
  ...change,
});

/** The page over a workspace with one list and two payloads, and a connected client. */
function shown(answers: Answers = {}, jobs: JobView[] = []) {
  const host = fakeHost({
    'documents.value': () => ok({ value: list, version: 'v1', notices: [], missing: [] }),
    'documents.put': () => ok({ kind: 'saved', version: 'v2' }),
    'jobs.start': () => ok(job()),
    ...answers,
  });
  const { services } = host;
  const documents = [
    documentOf(path, 'send-list'),
    documentOf('payloads/hello.json', 'payload'),
    documentOf('lists/users.csv', 'other'),
  ];
  services.workspace.setState({
    view: { id: 'w', name: 'w', folder: '/w', isDefault: true },
    documents: new Map(documents.map((document) => [document.path, document])),
  });
  show(services, {
    endpoints: [clientView('c', { state: 'connected', socket: 5 })],
    sockets: [socketView(5, 'c', { role: 'outgoing' })],
    jobs,
  });
  return host;
}

async function page(answers: Answers = {}, jobs: JobView[] = []) {
  const host = shown(answers, jobs);
  const user = renderPart(host.services, <ListPage path={path} />);
  await screen.findByRole('table');
  return { ...host, user };
}

test.each([
  [{ usesSecret: true }, 'A payload of this list contains a secret, which is not encrypted over TCP. Use TLS or WSS.'],
  [{ usesSecret: false }, undefined],
])('says that a secret goes to a transport without encryption: %j', async (change, warning) => {
  await page({}, [job(change)]);
  expect(screen.queryByText(/contains a secret/)?.textContent?.trim()).toBe(warning);
});

const rows = () => screen.getAllByRole('row').slice(1);
const payloads = () =>
  rows().map((row) => within(row).getByRole<HTMLInputElement>('combobox', { name: /payload$/ }).value);
const button = (name: string) => screen.getByRole<HTMLButtonElement>('button', { name });

describe('the editor of a send list', () => {
  test('shows the steps, and saves what is changed based on the version that was read', async () => {
    const { user, calls } = await page();
    expect(payloads()).toEqual(['hello', 'login', 'bye']);
    await user.click(screen.getByRole('checkbox', { name: 'Step 1: enabled' }));
    const delay = screen.getByRole('textbox', { name: 'Step 3: delay in milliseconds' });
    fireEvent.change(delay, { target: { value: '250 ms' } });
    await user.click(screen.getByRole('checkbox', { name: 'Step 3: wait for a reply' }));
    await user.click(button('Save'));
    expect(inputsOf({ calls }, 'documents.put')).toEqual([
      {
        path,
        basedOn: 'v1',
        value: {
          ...list,
          steps: [
            step('hello', { enabled: false }),
            list.steps[1],
            step('bye', { delayMs: 250, expect: { filter: '', timeoutMs: 5_000 } }),
          ],
        },
      },
    ]);
    expect(button('Save').disabled).toBe(true);
  });

  test('moves a step with Alt and an arrow key, and by dragging; adds and removes steps', async () => {
    const { user } = await page();
    fireEvent.keyDown(screen.getByRole('button', { name: /^Step 1: drag/ }), { key: 'ArrowDown', altKey: true });
    expect(payloads()).toEqual(['login', 'hello', 'bye']);
    const data = new Map<string, string>();
    const dataTransfer = {
      setData: (type: string, text: string) => data.set(type, text),
      getData: (type: string) => data.get(type) ?? '',
      get types() {
        return [...data.keys()];
      },
    };
    fireEvent.dragStart(screen.getByRole('button', { name: /^Step 3: drag/ }), { dataTransfer });
    fireEvent.drop(rows()[0] as HTMLElement, { dataTransfer });
    expect(payloads()).toEqual(['bye', 'login', 'hello']);
    await user.click(button('Add step'));
    await user.click(button('Remove step 1'));
    expect(payloads()).toEqual(['login', 'hello', '']);
  });

  test('saves changes before it runs, on the connections of the target', async () => {
    const { user, calls } = await page();
    fireEvent.change(screen.getByRole('textbox', { name: /Runs/ }), { target: { value: '0' } });
    await user.click(button('Run'));
    await waitFor(() => expect(calls.map(({ name }) => name)).toContain('jobs.start'));
    expect(inputsOf({ calls }, 'documents.put')).toMatchObject([{ value: { loop: 0 } }]);
    expect(inputsOf({ calls }, 'jobs.start')).toEqual([{ kind: 'list', sockets: [5], list: path }]);
  });

  test('lights the current step while the list runs, with its figures, and stops it', async () => {
    const { user, calls } = await page({}, [job()]);
    expect(rows().map((row) => row.getAttribute('aria-current'))).toEqual([null, 'step', null]);
    expect(screen.getByText('running, 2 messages sent, 1 reply')).toBeTruthy();
    await user.click(button('Stop'));
    expect(inputsOf({ calls }, 'jobs.cancel')).toEqual([{ job: 'j1' }]);
  });

  test('shows why a list has failed', async () => {
    const { error } = fail('timed-out', 'The send list ended at step 2 (login)', {
      system: 'no message',
      hint: 'Wait.',
    });
    await page({}, [job({ state: 'failed', error })]);
    expect(screen.getByText(error.message)).toBeTruthy();
    expect(button('Run').disabled).toBe(false);
  });

  test('changed on disk meanwhile: asks, and keeps the own list or takes the other one', async () => {
    let isStale = true;
    const { user, calls } = await page({
      'documents.put': ({ basedOn }) => {
        if (!isStale || basedOn === 'v9') return ok({ kind: 'saved', version: 'v10' });
        return ok({ kind: 'conflict', theirs: { version: 'v9', bytes: new Uint8Array(0) } });
      },
    });
    await user.click(button('Add step'));
    await user.click(button('Save'));
    expect(screen.getByRole('alert').textContent).toContain('This list was changed on disk.');
    await user.click(button('Keep mine'));
    expect(inputsOf({ calls }, 'documents.put').map((input) => (input as { basedOn: string }).basedOn)).toEqual([
      'v1',
      'v9',
    ]);
    expect(screen.queryByRole('alert')).toBeNull();
    await user.click(button('Add step'));
    isStale = true;
    await user.click(button('Save'));
    await user.click(button('Take theirs'));
    expect(payloads()).toEqual(['hello', 'login', 'bye']);
  });

  test('follows a change of the file while it has no unsaved changes', async () => {
    let value = list;
    const { services } = await page({
      'documents.value': () => ok({ value, version: value === list ? 'v1' : 'v2', notices: [], missing: [] }),
    });
    value = { ...list, steps: [step('other')] };
    act(() => {
      services.workspace.setState(({ documents }) => ({
        documents: new Map(documents).set(path, documentOf(path, 'send-list', 'v2')),
      }));
    });
    await waitFor(() => expect(payloads()).toEqual(['other']));
  });

  test('without a connection cannot run', async () => {
    const { services } = await page();
    show(services, { endpoints: [clientView('c')] });
    expect(button('Run').disabled).toBe(true);
    expect(screen.getByText('No open connection')).toBeTruthy();
  });
});

describe('the section of send lists', () => {
  function section(answers: Answers = {}) {
    const host = shown(answers);
    const user = renderPart(
      host.services,
      <>
        <ListsSection />
        <Notices />
      </>,
    );
    return { ...host, user };
  }

  test('lists them, and opens a tab each', async () => {
    const { user, services } = section();
    await user.click(button('warm-up'));
    await user.click(button('warm-up'));
    expect(activeTab(services.tabs.getState())).toMatchObject({ kind: 'send-list', path });
    expect(services.tabs.getState().tabs).toHaveLength(1);
  });

  test('creates one with a free name', async () => {
    const { user, services, calls } = section();
    await user.click(button('New send list'));
    expect(inputsOf({ calls }, 'documents.put')).toEqual([
      { path: 'lists/list.yaml', value: { kind: 'send-list', loop: 1, steps: [] }, basedOn: 'new' },
    ]);
    expect(activeTab(services.tabs.getState())).toMatchObject({ path: 'lists/list.yaml' });
  });

  test('renames one in place with F2; its tab follows', async () => {
    const { user, services, calls } = section({ 'documents.move': () => ok({}) });
    await user.click(button('warm-up'));
    fireEvent.keyDown(button('warm-up'), { key: 'F2' });
    const field = screen.getByRole('textbox', { name: 'New name of warm-up' });
    await user.clear(field);
    await user.type(field, 'smoke{Enter}');
    expect(inputsOf({ calls }, 'documents.move')).toEqual([{ moves: [{ from: path, to: 'lists/smoke.yaml' }] }]);
    expect(activeTab(services.tabs.getState())).toMatchObject({ path: 'lists/smoke.yaml' });
  });

  test('deletes one, and offers to undo that', async () => {
    const { user, calls } = section({
      'documents.remove': () => ok({ undo: 'u1' }),
      'documents.restore': () => ok({}),
    });
    await user.click(button('Actions for warm-up'));
    await user.click(screen.getByRole('menuitem', { name: /Delete/ }));
    await user.click(await screen.findByRole('button', { name: 'Undo' }));
    expect(inputsOf({ calls }, 'documents.restore')).toEqual([{ undo: 'u1' }]);
  });
});
