import { z } from 'zod';
import { keptPayloadSchema } from '#shared/contract/payloads.ts';
import { defaultClient, defaultServer } from '#shared/endpoint/endpoint-config.ts';
import { maxFilterLength } from '#shared/filter/ast.ts';
import { actionKinds } from '#shared/rules/actions/catalogue.ts';
import { transports } from '#shared/socket/transports.ts';
import type { Draft } from './drafts-store.ts';
import { formOf } from './endpoint-form.ts';
import type { EndpointForm } from './form-fields.ts';
import { withoutTyped } from './form-secrets.ts';
import { framingChoices } from './framing-form.ts';
import { keptOf } from './payload-memory.ts';
import type { Services } from './services.ts';

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

const draftSchema = keptPayloadSchema.extend({ lineEnd: keptPayloadSchema.shape.lineEnd.default('lf') });
const filterSchema = z.object({
  text: z.string().max(maxFilterLength),
  mode: z.enum(['filter', 'find']),
  all: z.boolean(),
});
const tabSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('start') }),
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
