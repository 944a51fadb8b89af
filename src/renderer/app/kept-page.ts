import { z } from 'zod';
import { settingsSchema } from '#shared/contract/models.ts';
import { maxFilterLength } from '#shared/filter/ast.ts';
import type { Draft } from '../state/drafts.ts';
import { withoutTyped } from '../state/form-fields.ts';
import { keptOf } from '../state/kept-drafts.ts';
import type { Services } from '../state/services.ts';
import { draftDetailsSchema } from '../state/stored-drafts.ts';
import { formSchema, storedForm } from '../state/stored-form.ts';

/*
 * What a reload of the page and the end of the program would lose: the open tabs, with their forms and drafts, and the selected
 * environment. The browser stores it for this window, so that a reload keeps its own; the workspace stores the page that was changed or
 * closed last, for the next window. Servers, connections and records belong to the engine and survive a reload.
 */

const key = 'wirebench.page';
/** Longer payloads are not stored: a page's storage is small. */
const maxText = 200_000;
const saveDelayMs = 300;
/** The workspace stores the page at most this often. */
const keepDelayMs = 1_000;

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
  z.object({ kind: z.literal('lessons') }),
  z.object({ kind: z.literal('send-list'), path: z.string().max(4_096) }),
  z.object({ kind: z.literal('program'), program: z.string().max(64) }),
  z.object({ kind: z.literal('session'), session: z.string(), filter: filterSchema.optional() }),
  z.object({
    kind: z.literal('endpoint'),
    endpoint: z.string().optional(),
    form: formSchema,
    /** The path of its document. */
    document: z.string().max(4_096).optional(),
    draft: draftSchema.optional(),
    filter: filterSchema.optional(),
  }),
]);
const pageSchema = z.object({
  tabs: z.array(tabSchema).max(64),
  active: z.number(),
  /** The id of the workspace to which it belongs. */
  workspace: z.string().optional(),
  /** The path of the selected environment. */
  environment: z.string().optional(),
  /** The sizes of the panes, and which are hidden. */
  panes: settingsSchema.shape.layout.optional(),
});

export type KeptPage = z.infer<typeof pageSchema>;
type StoredPage = z.input<typeof pageSchema>;

/** Returns a page as it was stored; `undefined` for anything else. */
export function readPage(stored: unknown): KeptPage | undefined {
  const parsed = pageSchema.safeParse(stored);
  return parsed.success ? parsed.data : undefined;
}

/** Returns what this window showed before it was reloaded; `undefined` for a new window or unreadable storage. */
export function rememberedPage(): KeptPage | undefined {
  try {
    return readPage(JSON.parse(sessionStorage.getItem(key) ?? 'null'));
  } catch {
    return undefined;
  }
}

/** The stores whose content is kept. */
type Kept = Pick<Services, 'client' | 'tabs' | 'drafts' | 'filters' | 'workspace' | 'settings'>;

/**
 * Stores the page when it changes. While `mayKeep` returns true, the workspace stores it, too. Returns a function that stops it.
 */
export function persistPage(services: Kept, mayKeep: () => boolean = () => false): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let keepTimer: ReturnType<typeof setTimeout> | undefined;
  const save = () => {
    clearTimeout(timer);
    timer = undefined;
    try {
      sessionStorage.setItem(key, JSON.stringify(pageOf(services)));
    } catch {
      // Storage is missing or full: a reload starts with the page of the workspace.
    }
  };
  const keep = () => {
    clearTimeout(keepTimer);
    keepTimer = undefined;
    if (mayKeep()) void services.client.call('layout.keep', { layout: pageOf(services) });
  };
  const saveSoon = () => {
    timer ??= setTimeout(save, saveDelayMs);
    keepTimer ??= setTimeout(keep, keepDelayMs);
  };
  const { tabs, drafts, filters, workspace, settings } = services;
  const stops = [
    ...[tabs, drafts, filters].map((store) => store.subscribe(saveSoon)),
    workspace.subscribe((state, before) => {
      if (state.environment !== before.environment) saveSoon();
    }),
    settings.subscribe((state, before) => {
      if (state.layout !== before.layout) saveSoon();
    }),
  ];
  const saveNow = () => {
    save();
    // Also without a change: the window that is closed last is the one that comes back.
    keep();
  };
  window.addEventListener('pagehide', saveNow);
  return () => {
    clearTimeout(timer);
    clearTimeout(keepTimer);
    for (const stop of stops) stop();
    window.removeEventListener('pagehide', saveNow);
  };
}

/** Returns the page as it is stored. */
export function pageOf({ tabs, drafts, filters, workspace, settings }: Kept): StoredPage {
  const { tabs: open, active } = tabs.getState();
  const { view, environment } = workspace.getState();
  return {
    workspace: view?.id,
    environment,
    panes: settings.getState().layout,
    active: open.findIndex(({ id }) => id === active),
    tabs: open.map((tab) => {
      if (tab.kind === 'start' || tab.kind === 'lessons') return { kind: tab.kind };
      if (tab.kind === 'send-list') return { kind: 'send-list', path: tab.path };
      if (tab.kind === 'program') return { kind: 'program', program: tab.program };
      const filter = filters.getState().byTab[tab.id];
      if (tab.kind === 'session') return { kind: 'session', session: tab.session, filter };
      const draft = kept(drafts.getState().byTab[tab.id]);
      const { endpoint, document } = tab;
      const form = storedForm(withoutTyped(tab.form));
      return { kind: 'endpoint', endpoint, document: document?.path, form, draft, filter };
    }),
  };
}

function kept(draft: Draft | undefined): z.infer<typeof draftSchema> | undefined {
  if (!draft || draft.text.length > maxText) return undefined;
  return keptOf(draft);
}
