import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { defaultClient } from '#shared/contract/endpoint-config.ts';
import { changeDraft } from '../../../src/renderer/client/drafts-store.ts';
import { formOf } from '../../../src/renderer/client/endpoint-form.ts';
import { keepPageMemory, rememberedPage } from '../../../src/renderer/client/page-memory.ts';
import { endpointTab, withTab } from '../../../src/renderer/client/tabs-store.ts';
import { fakeHost } from './fake-services.ts';

describe('what a page remembers over a reload', () => {
  let stored: Map<string, string>;

  beforeEach(() => {
    stored = new Map();
    vi.useFakeTimers();
    vi.stubGlobal('window', new EventTarget());
    vi.stubGlobal('sessionStorage', {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => stored.set(key, value),
    });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  test('is its tabs with their forms and drafts, and which one is shown', () => {
    const { services } = fakeHost({});
    const stop = keepPageMemory(services);
    const form = { ...formOf(defaultClient), port: '70000' };
    const tab = endpointTab(form, 'a');
    services.tabs.setState((state) => withTab(state, tab, { replaceStart: false }));
    changeDraft(services.drafts, tab.id, { text: '{"half": ', changed: true });
    vi.advanceTimersByTime(1_000);
    expect(rememberedPage()).toMatchObject({
      active: 1,
      tabs: [{ kind: 'start' }, { kind: 'endpoint', endpoint: 'a', form, draft: { text: '{"half": ', changed: true } }],
    });
    stop();
  });

  test('is without a draft that is too long to keep', () => {
    const { services } = fakeHost({});
    const stop = keepPageMemory(services);
    const tab = endpointTab(formOf(defaultClient));
    services.tabs.setState((state) => withTab(state, tab, { replaceStart: true }));
    changeDraft(services.drafts, tab.id, { format: 'text', text: 'x'.repeat(300_000) });
    vi.advanceTimersByTime(1_000);
    expect(rememberedPage()?.tabs).toMatchObject([{ kind: 'endpoint' }]);
    expect(JSON.stringify(rememberedPage())).not.toContain('xxx');
    stop();
  });

  test.each(['', '{', '[]', '{"tabs":[{"kind":"endpoint","form":{}}],"active":0}', '{"tabs":[{"kind":"other"}]}'])(
    'is nothing where the storage holds %j',
    (value) => {
      stored.set('wirebench.page', value);
      expect(rememberedPage()).toBeUndefined();
    },
  );
});
