import { expect, test } from 'vitest';
import { changeDraft, createDraftsStore, draftOf, replaceDraft } from '../../../../src/renderer/state/drafts.ts';

test('the format follows what is typed, until a person chooses one', () => {
  const drafts = createDraftsStore();
  const format = () => draftOf(drafts.getState(), 't').format;
  changeDraft(drafts, 't', { text: '{"a": ' });
  expect(format()).toBe('json');
  changeDraft(drafts, 't', { text: '<a/>' });
  expect(format()).toBe('xml');
  changeDraft(drafts, 't', { format: 'text', formatChosen: true });
  changeDraft(drafts, 't', { text: '{"a":1}' });
  expect(format()).toBe('text');
});

test('hex stays hex while it is typed, and a sample brings its own format', () => {
  const drafts = createDraftsStore();
  replaceDraft(drafts, 't', { format: 'hex', text: '00', changed: false });
  changeDraft(drafts, 't', { text: '00 ff' });
  expect(draftOf(drafts.getState(), 't').format).toBe('hex');
  replaceDraft(drafts, 't', { name: 'data.json', format: 'json', text: '42', changed: false });
  expect(draftOf(drafts.getState(), 't').format).toBe('json');
});

test('a format that came with a text stays, whatever is typed then', () => {
  const drafts = createDraftsStore();
  const format = () => draftOf(drafts.getState(), 't').format;
  replaceDraft(drafts, 't', { name: 'data.json', format: 'json', text: '{"a":1}', changed: false });
  for (const text of ["{'user': 42}", 'not JSON', '']) {
    changeDraft(drafts, 't', { text });
    expect(format()).toBe('json');
  }
});

test('a text that begins like JSON stays JSON while it is typed, with whatever mistake', () => {
  const drafts = createDraftsStore();
  for (const text of ['{', "{'", "{'user': 42}", '{user: 1}', '[', '[True, None]', '[ nonsense']) {
    changeDraft(drafts, 't', { text });
    expect(draftOf(drafts.getState(), 't').format).toBe('json');
  }
  changeDraft(drafts, 't', { text: 'plain' });
  expect(draftOf(drafts.getState(), 't').format).toBe('text');
});
