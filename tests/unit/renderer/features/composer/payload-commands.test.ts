import { describe, expect, test } from 'vitest';
import { defaultServer } from '#shared/endpoint/endpoint-config.ts';
import {
  applyConversion,
  convertDocument,
  decodeBase64,
  encodeBase64,
  formatDraft,
  minifyDraft,
  selectFormat,
  sortKeys,
} from '../../../../../src/renderer/features/composer/payload-commands.ts';
import { changeDraft, type Draft, draftOf } from '../../../../../src/renderer/state/drafts.ts';
import { formOf } from '../../../../../src/renderer/state/endpoint-form.ts';
import { endpointTab } from '../../../../../src/renderer/state/tabs.ts';
import { fakeHost } from '../../fake-services.ts';

/** A tab whose payload is `draft`. */
function server(draft: Partial<Draft>) {
  const { services } = fakeHost({});
  const tab = endpointTab(formOf(defaultServer));
  services.tabs.setState({ tabs: [tab], active: tab.id });
  changeDraft(services.drafts, tab.id, draft);
  return { services, tab, draft: () => draftOf(services.drafts.getState(), tab.id) };
}

describe('the format of a payload', () => {
  test('keeps the bytes to hex and back, and text that is hex already', async () => {
    const { services, tab, draft } = server({ format: 'json', text: '{"é":1}' });
    await selectFormat(services, tab.id, 'hex');
    expect(draft()).toMatchObject({ format: 'hex', text: '7b 22 c3 a9 22 3a 31 7d' });
    await selectFormat(services, tab.id, 'json');
    expect(draft()).toMatchObject({ format: 'json', text: '{"é":1}' });
    changeDraft(services.drafts, tab.id, { text: '0d 0a', format: 'text' });
    await selectFormat(services, tab.id, 'hex');
    expect(draft().text).toBe('0d 0a');
    changeDraft(services.drafts, tab.id, { text: 'ff', format: 'hex' });
    await selectFormat(services, tab.id, 'text');
    expect(draft()).toMatchObject({ format: 'text', text: 'ff' });
  });
});

test('the bytes of another encoding are kept to hex and back', async () => {
  const { services, tab, draft } = server({ format: 'text', text: 'é', encoding: 'iso-8859-1' });
  await selectFormat(services, tab.id, 'hex');
  expect(draft()).toMatchObject({ format: 'hex', text: 'e9' });
  await selectFormat(services, tab.id, 'text');
  expect(draft()).toMatchObject({ format: 'text', text: 'é', encoding: 'iso-8859-1' });
});

describe('base64', () => {
  test('has the bytes of the payload in its encoding, and is sent as ASCII', async () => {
    const { services, tab, draft } = server({ format: 'text', text: 'é', encoding: 'utf-16le' });
    await encodeBase64(services, tab.id);
    expect(draft()).toMatchObject({ format: 'text', text: '6QA=', encoding: 'utf-8', changed: true });
  });

  test.each([
    ['eyJhIjoxfQ==', { format: 'json', text: '{"a":1}' }],
    ['eyJh\nIjoxfQ', { format: 'json', text: '{"a":1}' }],
    ['_-8A', { format: 'hex', text: 'ff ef 00' }],
  ])('%j is decoded to the payload that it is', (text, payload) => {
    const { services, tab, draft } = server({ format: 'text', text });
    decodeBase64(services, tab.id);
    expect(draft()).toMatchObject(payload);
  });

  test.each(['a b c d e', 'Hello, server!'])('%j is not decoded', (text) => {
    const { services, tab, draft } = server({ format: 'text', text });
    decodeBase64(services, tab.id);
    expect(draft()).toMatchObject({ text, outcome: { failure: { message: 'The payload could not be decoded' } } });
  });
});

describe('minifying and sorting', () => {
  test('keep numbers, duplicates and the byte order mark', () => {
    const { services, tab, draft } = server({ format: 'json', text: '\ufeff{ "b": 1.0, "a": 2, "b": 3 }' });
    minifyDraft(services, tab.id);
    expect(draft().text).toBe('\ufeff{"b":1.0,"a":2,"b":3}');
    sortKeys(services, tab.id);
    expect(draft().text).toBe('\ufeff{"a":2,"b":1.0,"b":3}');
  });

  test('leave an invalid payload as it is, and say why', () => {
    const { services, tab, draft } = server({ format: 'json', text: '{' });
    sortKeys(services, tab.id);
    expect(draft()).toMatchObject({ text: '{', outcome: { failure: { hint: 'Correct it first.' } } });
  });
});

describe('formatting a payload', () => {
  test('keeps the meaning of the payload, and leaves an invalid one as it is', () => {
    const { services, tab, draft } = server({ format: 'json', text: '{"n":12345678901234567890}' });
    const { revision } = draft();
    formatDraft(services, tab.id);
    expect(draft()).toMatchObject({ text: '{\n  "n": 12345678901234567890\n}', revision: revision + 1 });
    changeDraft(services.drafts, tab.id, { text: '{' });
    formatDraft(services, tab.id);
    expect(draft().text).toBe('{');
  });
});

describe('converting a document', () => {
  test('makes XML of JSON and JSON of XML, as an edit, with the byte order mark kept', async () => {
    const { services, tab, draft } = server({ format: 'json', text: '\ufeff{"order":{"id":"7"}}' });
    await convertDocument(services, tab.id, 'xml');
    expect(draft()).toMatchObject({ format: 'xml', text: '\ufeff<order>\n  <id>7</id>\n</order>', changed: true });
    await convertDocument(services, tab.id, 'json');
    expect(draft().format).toBe('json');
    expect(JSON.parse(draft().text.slice(1))).toEqual({ order: { id: '7' } });
  });

  test('asks before something is lost, and makes YAML a text payload', async () => {
    const { services, tab, draft } = server({ format: 'xml', text: '<a><!-- b --><c>1</c></a>' });
    await convertDocument(services, tab.id, 'yaml');
    expect(draft().format).toBe('xml');
    const dialog = services.dialogs.getState();
    if (dialog.kind !== 'convert-payload') throw new Error(dialog.kind);
    expect(dialog.losses.map(({ kind }) => kind)).toEqual(['comments']);
    applyConversion(services, dialog);
    expect(draft()).toMatchObject({ format: 'text', text: 'a:\n  c: "1"\n' });
    await convertDocument(services, tab.id, 'json');
    expect(JSON.parse(draft().text)).toEqual({ a: { c: '1' } });
  });

  test('leaves a document with an error as it is, and says where', async () => {
    const { services, tab, draft } = server({ format: 'json', text: '{"a":' });
    await convertDocument(services, tab.id, 'xml');
    expect(draft()).toMatchObject({ format: 'json', text: '{"a":' });
    expect(draft().outcome?.failure).toMatchObject({
      message: 'The payload could not be converted to XML',
      system: expect.stringContaining('line 1'),
    });
  });
});
