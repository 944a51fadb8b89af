import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { fail, ok } from '#shared/failure.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { hovered, offered } from '#support/fake-monaco.ts';
import { Composer } from '../../../../../src/renderer/features/composer/composer.tsx';
import { toggleExactBytes } from '../../../../../src/renderer/features/composer/exact-button.tsx';
import { inputsOf } from '../../fake-endpoints.ts';
import type { Answers } from '../../fake-services.ts';
import { composeOnServer } from './compose-on.tsx';

type Setup = Parameters<typeof composeOnServer>[1];

const answers: Answers = {
  'sockets.send': ({ sockets }) => ok({ sent: sockets.map((socket) => ({ socket, bytes: 1 })) }),
};
const line: FramingSpec = { kind: 'delimiter', delimiter: '0a' };

const composer = (setup: Setup) =>
  composeOnServer((tab) => <Composer tab={tab} />, { ...setup, answers: { ...answers, ...setup.answers } });

const button = (name: string | RegExp) => screen.getByRole<HTMLButtonElement>('button', { name });
const encoding = () => screen.getByRole<HTMLSelectElement>('combobox', { name: 'Encoding' });
const lastSent = (host: Parameters<typeof inputsOf>[0]) => Object(inputsOf(host, 'sockets.send').at(-1));
const text = { format: 'text', formatChosen: true } as const;

describe('the encoding', () => {
  test('is selected, counted, and sent by the main process', async () => {
    const { user, ...host } = composer({ draft: { ...text, text: 'é' } });
    expect(button('2 B')).toBeTruthy();
    await user.selectOptions(encoding(), 'UTF-16 LE with BOM');
    await waitFor(() => expect(button('4 B')).toBeTruthy());
    expect(host.draft()).toMatchObject({ encoding: 'utf-16le', text: '\ufeffé', changed: true });
    await user.click(button('Send'));
    await waitFor(() => expect(lastSent(host).payload).toMatchObject({ encoding: 'utf-16le', text: '\ufeffé' }));
    expect(lastSent(host).bytes).toBeUndefined();
  });

  test('without the mark removes it again', async () => {
    const { user, draft } = composer({ draft: { ...text, text: '\ufeffé', encoding: 'utf-16be' } });
    expect(encoding().selectedOptions[0]?.text).toBe('UTF-16 BE with BOM');
    await user.selectOptions(encoding(), 'Latin-1');
    expect(draft()).toMatchObject({ encoding: 'iso-8859-1', text: 'é' });
    await waitFor(() => expect(button('1 B')).toBeTruthy());
  });

  test('that does not have a character is a problem with its place, and the payload is not sent', async () => {
    const { user, draft, ...host } = composer({ draft: { ...text, text: 'a\nb€', encoding: 'iso-8859-1' } });
    const problem = /Cannot be sent: line 2, column 2: .* has no character U\+20AC/;
    expect(await screen.findByText(problem)).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Send anyway' })).toBeNull();
    await user.click(button('Send'));
    await waitFor(() => expect(draft().outcome?.failure?.system).toContain('line 2, column 2'));
    expect(inputsOf(host, 'sockets.send')).toEqual([]);
  });

  test('that contradicts the XML declaration is marked, and can be sent on purpose', async () => {
    const xml = '<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>';
    const { user, draft, ...host } = composer({ draft: { format: 'xml', formatChosen: true, text: xml } });
    expect(await screen.findByText(/The declaration names ISO-8859-1/)).toBeTruthy();
    await user.click(button('Send'));
    await waitFor(() => expect(draft().outcome?.failure?.message).toContain('not valid XML'));
    await user.click(button('Send anyway'));
    await waitFor(() => expect(lastSent(host).bytes).toBeInstanceOf(Uint8Array));
  });
});

describe('the checksum', () => {
  test('is found by an alias, has order and range, is shown and sent', async () => {
    const { user, draft, ...host } = composer({ draft: { ...text, text: '123456789' } });
    await user.click(button('Append a checksum'));
    const search = await screen.findByRole('combobox', { name: 'Algorithm' });
    expect(screen.getByText('Digests')).toBeTruthy();
    await user.type(search, 'modbus{Enter}');
    expect(draft().checksum).toEqual({ spec: 'CRC-16/MODBUS' });
    await user.selectOptions(screen.getByRole('combobox', { name: 'Byte order' }), 'Little-endian');
    await user.type(screen.getByRole('textbox', { name: 'First byte' }), '-4');
    await user.type(screen.getByRole('textbox', { name: 'End' }), 'x');
    expect(draft().checksum).toEqual({ spec: 'CRC-16/MODBUS:le', from: -4 });
    expect(screen.getByText('A whole number is required')).toBeTruthy();
    expect(button('Checksum appended: CRC-16/MODBUS:le').textContent).toBe('CRC-16/MODBUS:le');
    await waitFor(() => expect(button('11 B')).toBeTruthy());
    await user.click(button('Send'));
    await waitFor(() => expect(lastSent(host).payload?.checksum).toEqual({ spec: 'CRC-16/MODBUS:le', from: -4 }));
  });

  test('is removed', async () => {
    const { user, draft } = composer({ draft: { ...text, text: 'a', checksum: { spec: 'xor' } } });
    await user.click(button('Checksum appended: xor'));
    await user.click(await screen.findByRole('button', { name: 'Remove checksum' }));
    expect(draft().checksum).toBeUndefined();
  });
});

describe('the exact bytes', () => {
  const shown = async () => within(await screen.findByRole('region', { name: 'Bytes of the message' }));

  test('are those of the payload, the checksum and the framing', async () => {
    const host = composer({
      draft: { ...text, text: '123456789', checksum: { spec: 'crc-16/modbus:le' } },
      framing: line,
    });
    await waitFor(() => expect(button('12 B')).toBeTruthy());
    const { active } = host.services.tabs.getState();
    toggleExactBytes(host.services, active);
    const region = await shown();
    expect(region.getByText('31 32 33 34 35 36 37 38 39')).toBeTruthy();
    expect(region.getByText('37 4b')).toBeTruthy();
    expect(region.getByText('0a')).toBeTruthy();
    expect(screen.getByText('framing 1 B')).toBeTruthy();
    expect(screen.getByText('checksum 2 B')).toBeTruthy();
  });

  test('of a template are those that the main process makes', async () => {
    const preview = { bytes: Uint8Array.of(0x37), length: 1, usesSecret: true };
    const { user } = composer({
      draft: { ...text, text: '{{ n }}', template: true },
      answers: { 'payloads.preview': () => ok(preview) },
    });
    await user.click(await screen.findByRole('button', { name: '1 B' }));
    expect((await shown()).getByText('37')).toBeTruthy();
    expect(screen.getByText('A secret is shown as asterisks.')).toBeTruthy();
  });

  test('are replaced by the reason where there are none', async () => {
    const { user } = composer({ draft: { ...text, text: '€', encoding: 'iso-8859-1' } });
    await user.click(await screen.findByRole('button', { name: 'no bytes' }));
    expect(await screen.findByText(/^line 1, column 1: .*U\+20AC$/)).toBeTruthy();
  });
});

describe('a payload with a secret', () => {
  const secret = { ...text, text: '{{ token }}', template: true };
  const preview = (usesSecret: boolean) => ({
    'payloads.preview': () => ok({ bytes: Uint8Array.of(42), length: 1, usesSecret }),
  });
  const warning = /^Secret is not encrypted over/;

  test.each(['tcp', 'udp', 'ws'] as const)('is warned about over %s', async (transport) => {
    composer({ draft: secret, answers: preview(true), transport });
    expect((await screen.findByText(warning)).textContent).toContain(transport.toUpperCase());
  });

  test.each(['tls', 'wss', 'local'] as const)('is not warned about over %s', async (transport) => {
    composer({ draft: secret, answers: preview(true), transport });
    await waitFor(() => expect(button('1 B')).toBeTruthy());
    expect(screen.queryByText(warning)).toBeNull();
  });

  test('is the only one that is warned about', async () => {
    composer({ draft: secret, answers: preview(false) });
    await waitFor(() => expect(button('1 B')).toBeTruthy());
    expect(screen.queryByText(warning)).toBeNull();
  });
});

describe('a template', () => {
  const template = { format: 'json', formatChosen: true, text: '{"n": {{ n }}}' } as const;

  test('is off, is offered for `{{ n`, and is then not checked as JSON', async () => {
    const { user, draft, ...host } = composer({
      draft: template,
      answers: { 'payloads.preview': () => ok({ bytes: Uint8Array.of(1, 2, 3), length: 3, usesSecret: false }) },
    });
    expect(draft().template).toBe(false);
    expect(await screen.findByText(/^Invalid JSON/)).toBeTruthy();
    await user.click(button('Use as template'));
    await waitFor(() => expect(button('3 B')).toBeTruthy());
    expect(screen.queryByText(/^Invalid JSON/)).toBeNull();
    await user.click(button('Send'));
    await waitFor(() => expect(lastSent(host).payload).toMatchObject({ template: true, text: template.text }));
    expect(inputsOf(host, 'payloads.preview').at(-1)).toMatchObject({ socket: 11 });
  });

  test.each(['{"a":{"b":1}}', 'int a[2][2] = {{1,2},{3,4}};'])('is not offered for %s', (other) => {
    composer({ draft: { ...text, text: other } });
    expect(screen.queryByRole('button', { name: 'Use as template' })).toBeNull();
    expect(screen.getByRole<HTMLInputElement>('checkbox', { name: 'Template' }).checked).toBe(false);
  });

  test('has its mistake marked with its line', async () => {
    const problem = { message: 'There is no variable `n`', line: 1, column: 10 };
    composer({
      draft: { ...template, template: true },
      answers: {
        'payloads.preview': () => ok({ bytes: new Uint8Array(0), length: 0, problem, usesSecret: false }),
      },
    });
    expect(await screen.findByText(/Cannot be sent: line 1, column 10: There is no variable/)).toBeTruthy();
  });

  test('offers variables, functions and tags, and shows the current value', async () => {
    const environment = { kind: 'environment', variables: [{ name: 'token', value: 'x' }], secrets: ['pin'] } as const;
    const { services } = composer({
      draft: { ...text, template: true, text: '{{ to }} {{ n | ur }} {% fo %} plain' },
      answers: {
        'payloads.preview': ({ payload, at = 0 }) =>
          ok({ bytes: new TextEncoder().encode(`<${payload.text.slice(at, at + 2)}>`), length: 4, usesSecret: false }),
        'documents.value': () =>
          ok({
            value: { ...environment, variables: [...environment.variables], secrets: [...environment.secrets] },
            version: '1',
            notices: [],
            missing: [],
          }),
      },
    });
    services.workspace.setState({ environment: 'environments/lab.yaml' });
    await waitFor(async () => expect(await offered(1, 6)).toBeTruthy());
    expect(await offered(1, 6)).toEqual(expect.arrayContaining(['token', 'pin', 'uuid', 'now']));
    expect(await offered(1, 19)).toContain('urlencode');
    expect(await offered(1, 19)).not.toContain('token');
    expect(await offered(1, 28)).toContain('for');
    expect(await offered(1, 34)).toEqual([]);
    expect(await hovered(1, 4)).toBe('```text\n<to>\n```');
    expect(await hovered(1, 34)).toBeUndefined();
  });

  test('says why there is no preview', async () => {
    composer({
      draft: { ...template, template: true },
      answers: { 'payloads.preview': () => fail('disconnected', 'The connection to Wirebench is lost') },
    });
    expect(await screen.findByText(/The connection to Wirebench is lost/)).toBeTruthy();
  });
});

test('a plain payload is sent as its bytes', async () => {
  const { user, ...host } = composer({ draft: { ...text, text: 'a' } });
  await user.click(button('Send'));
  await waitFor(() => expect(lastSent(host).bytes).toEqual(Uint8Array.of(0x61)));
  expect(lastSent(host).payload).toBeUndefined();
});
