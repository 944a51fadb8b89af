import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { defaultClient, defaultServer } from '#shared/endpoint/endpoint-config.ts';
import { changeDraft } from '../../../src/renderer/client/drafts-store.ts';
import { formOf, readForm } from '../../../src/renderer/client/endpoint-form.ts';
import { persistPage, rememberedPage } from '../../../src/renderer/client/page-memory.ts';
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
    expect([...stored.values()].join()).toContain('"tls.passphrase":""');
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

  test('is read from an older version too: what that did not have is as usual, what it had is kept', () => {
    const form = {
      role: 'server',
      name: 'mine',
      host: '::1',
      port: '4000',
      framing: 'delimiter',
      delimiter: '1e',
      halfOpen: true,
      maxMessage: '2048',
      maxQueued: '65536',
      backlog: '7',
      behaviour: 'reply',
      replyText: 'hi',
      replyPath: 'sample:data.json',
      maxConnections: '3',
      transport: 'pigeon',
    };
    stored.set('wirebench.page', JSON.stringify({ tabs: [{ kind: 'endpoint', form }], active: 0 }));
    const [tab] = rememberedPage()?.tabs ?? [];
    expect(tab?.kind === 'endpoint' && readForm(tab.form)).toEqual({
      ok: true,
      config: {
        ...defaultServer,
        name: 'mine',
        host: '::1',
        port: 4_000,
        framing: { kind: 'delimiter', delimiter: '1e' },
        halfOpen: true,
        backlog: 7,
        behaviour: { kind: 'reply', text: 'hi' },
        limits: { ...defaultServer.limits, maxMessage: 2_048, maxQueued: 65_536, maxConnections: 3 },
      },
    });
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
