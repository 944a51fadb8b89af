import { useEffect, useRef } from 'react';
import { z } from 'zod';
import { defaultClient, defaultServer } from '#shared/endpoint/endpoint-config.ts';
import { maxFilterLength } from '#shared/filter/ast.ts';
import { actionKinds } from '#shared/rules/actions/catalogue.ts';
import { transports } from '#shared/socket/transports.ts';
import { draftDetailsSchema } from '../state/draft-keeping.ts';
import { changeDraft, type Draft } from '../state/drafts.ts';
import { formOf } from '../state/endpoint-form.ts';
import { changeFilter } from '../state/filters.ts';
import { type EndpointForm, withoutSecrets, withoutTyped } from '../state/form-fields.ts';
import { framingChoices } from '../state/framing-form.ts';
import { keptOf } from '../state/kept-drafts.ts';
import type { Services } from '../state/services.ts';
import { type EndpointTab, endpointTab, nextTabId, startTab, type Tab, type TabsState } from '../state/tabs.ts';

/**
 * What a reload of the page would lose: the open tabs, with their forms and drafts. The browser stores it for this window
 * only. Servers, connections and records belong to the engine and survive a reload.
 */
const key = 'wirebench.page';
/** Longer payloads are not stored: a page's storage is small. */
const maxText = 200_000;
const saveDelayMs = 300;

const oneOf = {
  transport: transports,
  framing: framingChoices,
  behaviour: actionKinds.map(({ kind }) => kind),
} as const;

const blankForm = (role: EndpointForm['role']) => formOf(role === 'server' ? defaultServer : defaultClient);

/** A form as it is stored: what is left out has its default. */
const formSchema = z.looseObject({ role: z.enum(['server', 'client']) }).transform((stored): EndpointForm => {
  const form = blankForm(stored.role);
  const known: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(stored)) {
    const choices: readonly unknown[] | undefined = Object.hasOwn(oneOf, field)
      ? oneOf[field as keyof typeof oneOf]
      : undefined;
    if (!Object.hasOwn(form, field) || typeof value !== typeof form[field as keyof EndpointForm]) continue;
    if (choices === undefined || choices.includes(value)) known[field] = value;
  }
  return { ...form, ...known };
});

/** Returns `form` as it is stored: its role, and what differs from the defaults. */
function storedForm(form: EndpointForm): Pick<EndpointForm, 'role'> & Partial<EndpointForm> {
  const blank = blankForm(form.role);
  const changed = Object.entries(form).filter(([field, value]) => blank[field as keyof EndpointForm] !== value);
  return { ...Object.fromEntries(changed), role: form.role };
}

const draftSchema = draftDetailsSchema.extend({
  key: z.string().max(4_096).default(''),
  text: z.string().max(maxText),
  version: z.string().max(200).default('new'),
});
const filterSchema = z.object({
  text: z.string().max(maxFilterLength),
  mode: z.enum(['filter', 'find']),
  all: z.boolean(),
});
const tabSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('start') }),
  z.object({ kind: z.literal('send-list'), path: z.string().max(4_096) }),
  z.object({ kind: z.literal('session'), session: z.string(), filter: filterSchema.optional() }),
  z.object({
    kind: z.literal('endpoint'),
    endpoint: z.string().optional(),
    form: formSchema,
    draft: draftSchema.optional(),
    filter: filterSchema.optional(),
  }),
]);
const pageSchema = z.object({ tabs: z.array(tabSchema).max(64), active: z.number() });

type RememberedPage = z.infer<typeof pageSchema>;
type StoredPage = z.input<typeof pageSchema>;

/** Returns what this window showed before it was reloaded; `undefined` for a new window or unreadable storage. */
export function rememberedPage(): RememberedPage | undefined {
  try {
    const parsed = pageSchema.safeParse(JSON.parse(sessionStorage.getItem(key) ?? 'null'));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

type Kept = Pick<Services, 'tabs' | 'drafts' | 'filters'>;

/** Stores tabs, forms, drafts and filters when they change. Returns a function that stops it. */
export function persistPage(services: Kept): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const save = () => {
    clearTimeout(timer);
    timer = undefined;
    try {
      sessionStorage.setItem(key, JSON.stringify(pageOf(services)));
    } catch {
      // Storage is missing or full: a reload starts with an empty page.
    }
  };
  const saveSoon = () => {
    timer ??= setTimeout(save, saveDelayMs);
  };
  const stops = [services.tabs, services.drafts, services.filters].map((store) => store.subscribe(saveSoon));
  window.addEventListener('pagehide', save);
  return () => {
    clearTimeout(timer);
    for (const stop of stops) stop();
    window.removeEventListener('pagehide', save);
  };
}

function pageOf({ tabs, drafts, filters }: Kept): StoredPage {
  const { tabs: open, active } = tabs.getState();
  return {
    active: open.findIndex(({ id }) => id === active),
    tabs: open.map((tab) => {
      if (tab.kind === 'start') return { kind: 'start' };
      if (tab.kind === 'send-list') return { kind: 'send-list', path: tab.path };
      const filter = filters.getState().byTab[tab.id];
      if (tab.kind === 'session') return { kind: 'session', session: tab.session, filter };
      const draft = kept(drafts.getState().byTab[tab.id]);
      return { kind: 'endpoint', endpoint: tab.endpoint, form: storedForm(withoutTyped(tab.form)), draft, filter };
    }),
  };
}

function kept(draft: Draft | undefined): z.infer<typeof draftSchema> | undefined {
  if (!draft || draft.text.length > maxText) return undefined;
  return keptOf(draft);
}

/** Maximum number of tabs opened automatically; the side bar lists all endpoints. */
const maxRestored = 12;

/** Restores the tabs after a reload of the page, and detaches tabs from endpoints that no longer exist. */
export function useRestoredTabs(services: Services): void {
  const restored = useRef(false);
  useEffect(() => {
    if (!restored.current) {
      restored.current = true;
      services.tabs.setState((state) => restore(state, services));
    }
    const forget = persistPage(services);
    const stop = services.live.subscribe((live, before) => {
      if (live.endpoints === before.endpoints && live.sessions === before.sessions) return;
      const isGone = (tab: Tab) =>
        (tab.kind === 'session' && before.sessions.has(tab.session) && !live.sessions.has(tab.session)) ||
        (tab.kind === 'endpoint' &&
          tab.endpoint !== undefined &&
          before.endpoints.has(tab.endpoint) &&
          !live.endpoints.has(tab.endpoint));
      const { tabs } = services.tabs.getState();
      // The form is kept: it can be launched again as a new endpoint.
      if (tabs.some(isGone)) {
        services.tabs.setState(({ tabs: now }) => ({
          tabs: now.map((tab) => (tab.kind === 'endpoint' && isGone(tab) ? withoutEndpoint(tab) : tab)),
        }));
      }
    });
    return () => {
      stop();
      forget();
    };
  }, [services]);
}

/** Returns `tab` without its endpoint and without the secrets that only the engine had. */
function withoutEndpoint(tab: EndpointTab): EndpointTab {
  return { ...tab, endpoint: undefined, form: withoutSecrets(tab.form) };
}

/** Returns the tabs of this window before the reload whose endpoint or session still exists. */
function restore(state: TabsState, services: Services): TabsState {
  const { endpoints, sessions } = services.live.getState();
  const page = rememberedPage();
  if (!page) return withAll(state, services);
  const tabs = page.tabs.flatMap((kept): Tab[] => {
    if (kept.kind === 'start') return [startTab()];
    if (kept.kind === 'send-list') return [{ ...kept, id: nextTabId() }];
    if (kept.kind === 'session') {
      if (!sessions.has(kept.session)) return [];
      const id = nextTabId();
      if (kept.filter) changeFilter(services.filters, id, kept.filter);
      return [{ kind: 'session', id, session: kept.session }];
    }
    const view = kept.endpoint === undefined ? undefined : endpoints.get(kept.endpoint);
    const tab = view ? endpointTab(formOf(view.config), view.id) : endpointTab(withoutSecrets(kept.form));
    if (kept.filter) changeFilter(services.filters, tab.id, kept.filter);
    if (kept.draft) {
      const { document, checksum, ...rest } = kept.draft;
      changeDraft(services.drafts, tab.id, { ...rest, document, checksum });
    }
    return [tab];
  });
  const active = tabs[page.active] ?? tabs[0];
  return active === undefined ? state : { tabs, active: active.id };
}

/** Returns a tab for each endpoint and opened session of the engine, for a new window. */
function withAll(state: TabsState, { live }: Services): TabsState {
  const { endpoints, sessions } = live.getState();
  const tabs: Tab[] = [];
  for (const view of endpoints.values()) tabs.push(endpointTab(formOf(view.config), view.id));
  for (const session of sessions.values()) {
    if (session.state === 'read-only') tabs.push({ kind: 'session', id: nextTabId(), session: session.id });
  }
  const [first] = tabs;
  return first === undefined ? state : { tabs: tabs.slice(0, maxRestored), active: first.id };
}
