import { screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { fail, ok } from '#shared/failure.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { readHandle } from '#support/file-handles.ts';
import type { CheckRequest, PayloadCheck } from '../../../../../src/renderer/features/composer/check-payload.ts';
import { Composer } from '../../../../../src/renderer/features/composer/composer.tsx';
import { quickLength } from '../../../../../src/renderer/features/composer/payload-threads.ts';
import { inputsOf } from '../../fake-endpoints.ts';
import { composeOnServer, sample } from './compose-on.tsx';

const composer = (setup: Parameters<typeof composeOnServer>[1] = {}) =>
  composeOnServer((tab) => <Composer tab={tab} />, setup);

const button = (name: string | RegExp) => screen.getByRole<HTMLButtonElement>('button', { name });
const text = (bytes: unknown) => (bytes instanceof Uint8Array ? new TextDecoder().decode(bytes) : bytes);

afterEach(() => vi.unstubAllGlobals());

/** Replaces the thread that checks payloads: `answer` gives its result, or `undefined` where it fails. Returns the texts that it got. */
function stubWorker(answer: () => PayloadCheck | undefined): string[] {
  const texts: string[] = [];
  class StubWorker extends EventTarget {
    postMessage({ text }: CheckRequest): void {
      texts.push(text);
      const data = answer();
      queueMicrotask(() => this.dispatchEvent(data ? new MessageEvent('message', { data }) : new Event('error')));
    }
    terminate(): void {}
  }
  vi.stubGlobal('Worker', StubWorker);
  return texts;
}

describe('a long text', () => {
  const valid = `["${'a'.repeat(quickLength)}"]`;
  const invalid = valid.slice(0, -1);
  const answers = { 'sockets.send': () => ok({ sent: [{ socket: 11, bytes: 5 }] }) };

  test('is checked by a thread when it is sent, not by the page', async () => {
    // The thread reports no problem in an invalid text: a check on the page would refuse it.
    const texts = stubWorker(() => ({ list: [], isPython: false }));
    const { user, ...host } = composer({ draft: { text: invalid, format: 'json' }, answers });
    await user.click(button('Send'));
    expect(await screen.findByText('sent 5 B to 1 peer')).toBeTruthy();
    expect(texts).toContain(invalid);
    expect(text(Object(inputsOf(host, 'sockets.send')[0]).bytes)).toBe(invalid);
  });

  test('is not sent when the thread finds an error', async () => {
    const error = { at: 0, length: 1, line: 1, column: 1, severity: 'error', message: 'Found by the thread' } as const;
    stubWorker(() => ({ list: [error], isPython: false }));
    const { user, draft, ...host } = composer({ draft: { text: valid, format: 'json' }, answers });
    await user.click(button('Send'));
    await waitFor(() => expect(draft().outcome?.failure?.system).toContain('Found by the thread'));
    expect(inputsOf(host, 'sockets.send')).toEqual([]);
  });

  test('is checked by the page where the thread fails', async () => {
    stubWorker(() => undefined);
    const { user, draft, ...host } = composer({ draft: { text: invalid, format: 'json' }, answers });
    await user.click(button('Send'));
    await waitFor(() => expect(draft().outcome?.failure?.message).toContain('not valid JSON'));
    expect(inputsOf(host, 'sockets.send')).toEqual([]);
  });
});

describe('sending', () => {
  test('sends the text to the peers, and says how much went to how many', async () => {
    const { user, ...host } = composer({
      peers: 2,
      answers: { 'sockets.send': ({ sockets }) => ok({ sent: sockets.map((socket) => ({ socket, bytes: 14 })) }) },
    });
    await user.click(button('Send'));
    expect(await screen.findByText('sent 28 B to 2 peers')).toBeTruthy();
    const [sent] = inputsOf(host, 'sockets.send');
    expect(sent).toMatchObject({ sockets: [11, 12], frame: true });
    expect(text(Object(sent).bytes)).toBe('Hello, server!');
  });

  test('says how many of the peers did not take it, and why', async () => {
    const { error } = fail('reset', 'The peer reset the connection');
    const { user } = composer({
      peers: 2,
      answers: {
        'sockets.send': () =>
          ok({
            sent: [
              { socket: 11, bytes: 14 },
              { socket: 12, bytes: 0, error },
            ],
          }),
      },
    });
    await user.click(button('Send'));
    expect(await screen.findByText('sent 14 B to 1 peer, 1 failed')).toBeTruthy();
    expect(screen.getByText('The peer reset the connection')).toBeTruthy();
  });

  test('is not possible while nobody is connected', () => {
    composer({ peers: 0 });
    expect(button('Send').disabled).toBe(true);
  });

  test('is not possible during another send', () => {
    composer({ draft: { sending: { job: 't', done: 0, total: 0 } } });
    expect(button('Send').disabled).toBe(true);
  });

  test('that failed says why until it is dismissed', async () => {
    const { user } = composer({ answers: { 'sockets.send': () => fail('too-large', 'Too much is waiting') } });
    await user.click(button('Send'));
    await screen.findByText('Too much is waiting');
    await user.click(button('Dismiss'));
    expect(screen.queryByRole('alert')).toBeNull();
  });

  test('of nothing says that there is nothing to send, and asks for nothing', async () => {
    const { user, ...host } = composer({ draft: { text: '' } });
    await user.click(button('Send'));
    expect(await screen.findByText('The payload was not sent: it is empty')).toBeTruthy();
    expect(inputsOf(host, 'sockets.send')).toEqual([]);
  });
});

describe('a send under way', () => {
  test('shows how far it is', () => {
    const { change } = composer({ draft: { sending: { job: 't', done: 0, total: 0 } } });
    const progress = () => screen.getByRole<HTMLProgressElement>('progressbar', { name: 'Sent so far' });
    expect(progress().hasAttribute('value')).toBe(false);
    change({ sending: { job: 't', done: 1_500, total: 3_000_000 } });
    expect([progress().value, progress().max]).toEqual([1_500, 3_000_000]);
    expect(screen.getByText('1.5 KB of 3.0 MB')).toBeTruthy();
  });

  test('is cancelled', async () => {
    const { user, ...host } = composer({
      draft: { sending: { job: 't', done: 0, total: 10 } },
      answers: { 'jobs.cancel': () => ok({}) },
    });
    await user.click(button('Cancel'));
    expect(inputsOf(host, 'jobs.cancel')).toEqual([{ job: 't' }]);
  });

  test.each([
    [0, 'cancelled after 5 B'],
    [2, 'cancelled after 5 B; 2 peers received all of it'],
  ])('that was cancelled says how much was sent, and how many peers received all: %i', (sockets, words) => {
    composer({ draft: { outcome: { sockets, bytes: 5, failed: 1, failure: undefined, cancelled: true } } });
    expect(screen.getByText(words)).toBeTruthy();
  });
});

describe('the payload', () => {
  test('has its length and whether it is valid below it', async () => {
    const { change } = composer({ draft: { text: '{"a":1}' } });
    expect(screen.getByText('7 B')).toBeTruthy();
    expect(await screen.findByText('valid JSON')).toBeTruthy();
    change({ text: 'plain' });
    expect(screen.queryByText(/^valid/)).toBeNull();
  });

  test('that is not valid says where, and is sent on purpose only', async () => {
    const { user, ...host } = composer({
      draft: { text: '{"broken": ', format: 'json' },
      answers: { 'sockets.send': () => ok({ sent: [{ socket: 11, bytes: 11 }] }) },
    });
    expect((await screen.findByRole('alert')).textContent).toMatch(/^Invalid JSON: line 1, column 12/);
    await user.click(button('Send'));
    expect(inputsOf(host, 'sockets.send')).toEqual([]);
    await user.click(button('Send anyway'));
    expect(text(Object(inputsOf(host, 'sockets.send')[0]).bytes)).toBe('{"broken": ');
  });

  test('that is invalid hex has no bytes, and cannot be sent anyway', () => {
    composer({ draft: { text: '0g', format: 'hex' } });
    expect(screen.getByText('no bytes')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Send anyway' })).toBeNull();
  });

  test('changes its format, which then stays as it was chosen', async () => {
    const { user, draft } = composer({ draft: { text: '{"a":1}' } });
    const format = screen.getByRole<HTMLSelectElement>('combobox', { name: 'Payload format' });
    expect(format.value).toBe('json');
    await user.selectOptions(format, 'Text');
    expect(draft()).toMatchObject({ format: 'text', formatChosen: true });
  });

  test('is laid out on demand', async () => {
    const { user, draft } = composer({ draft: { text: '{"a":1}' } });
    await user.click(button('Format'));
    expect(draft().text).toBe('{\n  "a": 1\n}');
  });

  test('that is plain text cannot be formatted', () => {
    composer({ draft: { text: 'plain' } });
    expect(button('Format').disabled).toBe(true);
  });

  test('is a sample that is chosen, and then one that was changed', async () => {
    const { user, draft, change } = composer();
    await user.click(button('Samples'));
    await user.click(await screen.findByRole('menuitem', { name: /^data\.json/ }));
    expect(draft()).toMatchObject({ name: 'data.json', format: 'json', text: sample.text });
    expect(screen.queryByRole('img', { name: 'changed' })).toBeNull();
    change({ text: '[]', changed: true });
    expect(screen.getByRole('img', { name: 'changed' })).toBeTruthy();
  });

  test('is a file that is chosen and sent as it is, until the text is sent again', async () => {
    const { user, ...host } = composer({
      answers: {
        'dialogs.open': () => ok({ file: readHandle('big.bin') }),
        'sockets.send': () => ok({ sent: [{ socket: 11, bytes: 9 }] }),
      },
    });
    await user.click(button('Samples'));
    await user.click(screen.getByRole('menuitem', { name: /^Send a file/ }));
    expect(await screen.findByText('big.bin')).toBeTruthy();
    expect(button('Format').disabled).toBe(true);
    await user.click(button('Send file'));
    expect(inputsOf(host, 'sockets.send')).toMatchObject([{ sockets: [11], file: readHandle('big.bin') }]);
    await user.click(button('Send the text instead'));
    expect(screen.queryByText('big.bin')).toBeNull();
    expect(button('Send')).toBeTruthy();
  });
});

describe('the framing of what is sent', () => {
  const adds = () => screen.queryByRole<HTMLInputElement>('checkbox', { name: /^Add framing/ });

  test('is added until it is not wanted', async () => {
    const { user, draft } = composer({ framing: { kind: 'delimiter', delimiter: '0a' } });
    expect(screen.getByRole('checkbox', { name: 'Add framing (line feed at the end)' })).toBeTruthy();
    await user.click(screen.getByRole('checkbox', { name: /^Add framing/ }));
    expect(draft().frame).toBe(false);
  });

  test.each<[string, FramingSpec]>([
    ['4-byte length prefix', { kind: 'length', size: 4, endian: 'be', offset: 0, inclusive: false }],
    ['padding to 8 bytes', { kind: 'fixed', size: 8, pad: '00' }],
    ['0c at the end', { kind: 'delimiter', delimiter: '0c' }],
  ])('says that it adds %s', (words, framing) => {
    composer({ framing });
    expect(screen.getByRole('checkbox', { name: `Add framing (${words})` })).toBeTruthy();
  });

  test('is that of the target peers, if it differs from the server’s', () => {
    const { change } = composer({ framing: { kind: 'json' }, peers: 3, own: ['line', 'fixed:8'] });
    screen.getByRole('checkbox', { name: 'Add framing (as configured for each peer)' });
    change({ target: { kind: 'some', sockets: [11] } });
    screen.getByRole('checkbox', { name: 'Add framing (line feed at the end)' });
    change({ target: { kind: 'some', sockets: [13] } });
    expect(adds()).toBeNull();
  });

  test('is that of the payload, if its meta file sets one, and is sent with it', async () => {
    const { user, change, ...host } = composer({
      framing: { kind: 'delimiter', delimiter: '0a' },
      draft: { text: 'abc', framing: 'len:4be' },
      answers: { 'sockets.send': () => ok({ sent: [{ socket: 11, bytes: 7 }] }) },
    });
    const name = 'Add payload’s framing (4-byte length prefix)';
    expect(screen.getByRole<HTMLInputElement>('checkbox', { name }).checked).toBe(true);
    expect(screen.getByRole('button', { name: /^7 B/ })).toBeTruthy();
    await user.click(button('Send'));
    const framing = { kind: 'length', size: 4, endian: 'be' };
    expect(inputsOf(host, 'sockets.send')).toMatchObject([{ payload: { text: 'abc', framing }, frame: true }]);
    await user.click(screen.getByRole('checkbox', { name }));
    await user.click(button('Send'));
    expect(inputsOf(host, 'sockets.send')[1]).toMatchObject({ frame: false });
    expect(inputsOf(host, 'sockets.send')[1]).not.toHaveProperty('payload');
    change({ framing: undefined, frame: true });
    screen.getByRole('checkbox', { name: 'Add framing (line feed at the end)' });
  });

  test('is not offered where it adds nothing', () => {
    composer({ framing: { kind: 'json' } });
    expect(adds()).toBeNull();
  });

  test('that cannot carry the payload says why while it is added', async () => {
    const { user } = composer({ framing: { kind: 'fixed', size: 4, pad: '00' } });
    expect(screen.getByRole('alert').textContent).toMatch(/14|4 bytes/);
    await user.click(screen.getByRole('checkbox', { name: /^Add framing/ }));
    expect(screen.queryByRole('alert')).toBeNull();
  });
});
