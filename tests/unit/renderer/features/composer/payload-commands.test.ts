import { describe, expect, test } from 'vitest';
import { defaultServer } from '#shared/endpoint/endpoint-config.ts';
import {
  convertDocument,
  formatDraft,
  selectFormat,
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
  test('keeps the bytes to hex and back, and text that is hex already', () => {
    const { services, tab, draft } = server({ format: 'json', text: '{"é":1}' });
    selectFormat(services, tab.id, 'hex');
    expect(draft()).toMatchObject({ format: 'hex', text: '7b 22 c3 a9 22 3a 31 7d' });
    selectFormat(services, tab.id, 'json');
    expect(draft()).toMatchObject({ format: 'json', text: '{"é":1}' });
    changeDraft(services.drafts, tab.id, { text: '0d 0a', format: 'text' });
    selectFormat(services, tab.id, 'hex');
    expect(draft().text).toBe('0d 0a');
    changeDraft(services.drafts, tab.id, { text: 'ff', format: 'hex' });
    selectFormat(services, tab.id, 'text');
    expect(draft()).toMatchObject({ format: 'text', text: 'ff' });
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
