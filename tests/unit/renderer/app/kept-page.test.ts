import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { defaultClient, defaultServer } from '#shared/endpoint/endpoint-config.ts';
import { persistPage, rememberedPage } from '../../../../src/renderer/app/kept-page.ts';
import { changeDraft } from '../../../../src/renderer/state/drafts.ts';
import { formOf } from '../../../../src/renderer/state/endpoint-form.ts';
import { endpointTab, withTab } from '../../../../src/renderer/state/tabs.ts';
import { fakeHost } from '../fake-services.ts';

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
    const stop = persistPage(services);
    const form = { ...formOf(defaultClient), port: '70000' };
    const tab = endpointTab(form, 'a');
    services.tabs.setState((state) => withTab(state, tab, { replaceStart: false }));
    changeDraft(services.drafts, tab.id, { text: '\ufeff{"half":\r ', lineEnd: 'crlf', changed: true });
    vi.advanceTimersByTime(1_000);
    expect(rememberedPage()).toMatchObject({
      active: 1,
      tabs: [
        { kind: 'start' },
        { kind: 'endpoint', endpoint: 'a', form, draft: { text: '\ufeff{"half":\r ', changed: true } },
      ],
    });
    stop();
  });

  test('is no passphrase, though one was typed', () => {
    const { services } = fakeHost({});
    const stop = persistPage(services);
    const form = { ...formOf(defaultClient), 'tls.passphrase': 'open sesame' };
    services.tabs.setState((state) => withTab(state, endpointTab(form), { replaceStart: false }));
    vi.advanceTimersByTime(1_000);
    expect(rememberedPage()?.tabs.at(-1)).toMatchObject({ form: { 'tls.passphrase': '' } });
    expect([...stored.values()].join()).not.toContain('open sesame');
    stop();
  });

  test('is no secret of a request, though one was typed', () => {
    const { services } = fakeHost({});
    const stop = persistPage(services);
    const headers = 'Authorization: Bearer s3cr3t\nX-Shown: 1\n';
    const typed = { 'ws.headers': headers, 'ws.path': '/chat?token=s3cr3t', host: 'me:s3cr3t@example.org' };
    const form = { ...formOf(defaultClient), ...typed };
    services.tabs.setState((state) => withTab(state, endpointTab(form), { replaceStart: true }));
    vi.advanceTimersByTime(1_000);
    expect([...stored.values()].join()).not.toContain('s3cr3t');
    expect(rememberedPage()?.tabs).toMatchObject([
      {
        form: {
          'ws.headers': 'Authorization: •••• (13 characters)\nX-Shown: 1\n',
          'ws.path': '/chat?token=•••• (6 characters)',
          host: 'example.org',
        },
      },
    ]);
    stop();
  });

  test('has of a form only what differs from the defaults, and restores all of it', () => {
    const { services } = fakeHost({});
    const stop = persistPage(services);
    const form = { ...formOf(defaultServer), port: '4000', 'tcp.keepAlive': true };
    services.tabs.setState((state) => withTab(state, endpointTab(form), { replaceStart: true }));
    vi.advanceTimersByTime(1_000);
    expect(JSON.parse(stored.get('wirebench.page') ?? '').tabs[0].form).toEqual({
      role: 'server',
      port: '4000',
      'tcp.keepAlive': true,
    });
    expect(rememberedPage()?.tabs).toMatchObject([{ form }]);
    stop();
  });

  test('has a default where a stored value is not one of the form', () => {
    const form = { role: 'server', port: 4_000, transport: 'pigeon', backlog: '7', unknown: 'x' };
    stored.set('wirebench.page', JSON.stringify({ tabs: [{ kind: 'endpoint', form }], active: 0 }));
    expect(rememberedPage()?.tabs).toEqual([{ kind: 'endpoint', form: { ...formOf(defaultServer), backlog: '7' } }]);
  });

  test('is without a draft that is too long to keep', () => {
    const { services } = fakeHost({});
    const stop = persistPage(services);
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
