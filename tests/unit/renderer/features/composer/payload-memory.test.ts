import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type KeptPayload, payloadKeyOf } from '#shared/contract/payloads.ts';
import { defaultClient } from '#shared/endpoint/endpoint-config.ts';
import { fail, ok } from '#shared/failure.ts';
import { forgetPayloads, persistPayloads } from '../../../../../src/renderer/features/composer/payload-memory.ts';
import { changeDraft, draftOf } from '../../../../../src/renderer/state/drafts.ts';
import { applyEndpointView } from '../../../../../src/renderer/state/endpoint-commands.ts';
import { formOf } from '../../../../../src/renderer/state/endpoint-form.ts';
import { endpointTab, withEndpointTab, withTab } from '../../../../../src/renderer/state/tabs.ts';
import { inputsOf } from '../../fake-endpoints.ts';
import { type Answers, clientView, fakeHost } from '../../fake-services.ts';

const earlier: KeptPayload = {
  name: 'from before',
  format: 'xml',
  formatChosen: true,
  text: '\ufeff<a>\r\n<b/>\r</a>  ',
  lineEnd: 'cr',
  changed: true,
  frame: false,
};

let page: EventTarget;
beforeEach(() => {
  vi.useFakeTimers();
  page = new EventTarget();
  vi.stubGlobal('window', page);
  vi.stubGlobal('document', new EventTarget());
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A page that keeps payloads over an engine that has `kept` for every endpoint with port 12345, and nothing for others. */
function keeping(kept: KeptPayload | null, answers: Answers = {}) {
  const host = fakeHost({
    'payloads.get': ({ port }) => ok({ payload: port === 12_345 ? kept : null }),
    'payloads.keep': () => ok({}),
    ...answers,
  });
  const { services } = host;
  const stop = persistPayloads(services);
  const tab = endpointTab(formOf(defaultClient));
  services.tabs.setState((state) => withTab(state, tab, { replaceStart: true }));
  return {
    services,
    stop,
    /** Opens the tab's endpoint, at another port where one is given. */
    open: async (port = 12_345) => {
      applyEndpointView(services, clientView('a', { config: { ...defaultClient, port } }));
      services.tabs.setState((state) => withEndpointTab(state, tab.id, { endpoint: 'a' }));
      await vi.advanceTimersByTimeAsync(0);
    },
    write: (text: string) => changeDraft(services.drafts, tab.id, { text, changed: true }),
    draft: () => draftOf(services.drafts.getState(), tab.id),
    stored: () => inputsOf(host, 'payloads.keep').map((input) => Reflect.get(Object(input), 'payload')?.text),
    inputs: () => inputsOf(host, 'payloads.keep'),
  };
}

test('an endpoint that is opened again has the payload that was written for it, exactly as it was', async () => {
  const { draft, open, stored } = keeping(earlier);
  await open();
  expect(draft()).toMatchObject({ ...earlier, revision: 1 });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(stored()).toEqual([]);
});

test('a text that was written before it is opened stays, and is kept for the endpoint', async () => {
  const { draft, inputs, open, write } = keeping(earlier);
  write('mine\r');
  await open();
  expect(draft().text).toBe('mine\r');
  expect(inputs()).toMatchObject([
    { endpoint: payloadKeyOf(defaultClient), payload: { text: 'mine\r', changed: true } },
  ]);
});

test('a text that is written while the kept one is on its way stays', async () => {
  const answer = Promise.withResolvers<void>();
  const slow: Answers = { 'payloads.get': () => answer.promise.then(() => ok({ payload: earlier })) };
  const { draft, open, write } = keeping(null, slow);
  await open();
  write('quick');
  answer.resolve();
  await vi.advanceTimersByTimeAsync(0);
  expect(draft().text).toBe('quick');
});

test('the first change is kept at once, and those of a burst after it together', async () => {
  const { open, stored, write } = keeping(null);
  await open();
  for (const text of ['a', 'ab', 'abc']) write(text);
  expect(stored()).toEqual(['a']);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(stored()).toEqual(['a', 'abc']);
});

test('what was written last is kept when the page is left, without waiting', async () => {
  const { open, stored, write } = keeping(null);
  await open();
  for (const text of ['a', 'ab']) write(text);
  page.dispatchEvent(new Event('pagehide'));
  expect(stored()).toEqual(['a', 'ab']);
});

test('with another address an endpoint gets the payload of that one, unless something was written for it', async () => {
  const { draft, open, write } = keeping(earlier);
  await open(1);
  expect(draft().text).toBe('Hello, server!');
  await open(12_345);
  expect(draft().text).toBe(earlier.text);
  write('mine');
  await open(2);
  await open(12_345);
  expect(draft().text).toBe('mine');
});

test('where nothing is opened, or nothing was written, nothing is kept', async () => {
  const { open, services, stored, write } = keeping(null);
  write('for nobody yet');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(stored()).toEqual([]);
  const tab = endpointTab(formOf(defaultClient), 'a');
  applyEndpointView(services, clientView('a'));
  services.tabs.setState((state) => withTab(state, tab, { replaceStart: false }));
  changeDraft(services.drafts, tab.id, { target: { kind: 'some', sockets: [1] } });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(stored()).toEqual([]);
  await open();
  expect(stored()).toEqual(['for nobody yet']);
});

test('that a payload cannot be kept is said once, not at each key', async () => {
  const failing: Answers = { 'payloads.keep': () => fail('file', 'Could not keep the payload', { system: 'ENOSPC' }) };
  const { open, services, write } = keeping(null, failing);
  await open();
  for (const text of ['a', 'ab', 'abc']) {
    write(text);
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(services.notices.getState().notices).toHaveLength(1);
});

test('after the end nothing is kept', async () => {
  const { open, stop, stored, write } = keeping(null);
  await open();
  write('a');
  write('ab');
  stop();
  write('abc');
  await vi.advanceTimersByTimeAsync(10_000);
  expect(stored()).toEqual(['a']);
});

test.each([
  ['says that they are deleted', ok({}), 'done'],
  ['says why they are not', fail('file', 'Could not keep the payload'), 'failure'],
] as const)('forgetting the kept payloads %s', async (_what, answer, kind) => {
  const { services, calls } = fakeHost({ 'payloads.forget': () => answer });
  await forgetPayloads(services);
  expect(calls).toMatchObject([{ name: 'payloads.forget' }]);
  expect(services.notices.getState().notices).toMatchObject([{ kind }]);
});
