import { type KeptPayload, keptPayloadSchema, payloadKeyOf, payloadKeyText } from '#shared/contract/payloads.ts';
import { changeDraft, type Draft, draftOf, emptyDraft } from './drafts-store.ts';
import { showDone, showFailure } from './notices-store.ts';
import type { Services } from './services.ts';
import type { EndpointTab } from './tabs-store.ts';

/** How long the changes of a burst (typing) are gathered after the first, which is kept at once. */
const burstMs = 300;

type Needs = Pick<Services, 'client' | 'tabs' | 'drafts' | 'live' | 'notices'>;

/** Returns what is kept of a draft: not where it goes, how fast, or a file in its place. */
export function keptOf({ name, format, formatChosen, text, lineEnd, changed, frame }: Draft): KeptPayload {
  return { name, format, formatChosen, text, lineEnd, changed, frame };
}

/**
 * Keeps the payload of each endpoint over a restart of Wirebench: whatever is written in the tab of an endpoint is handed
 * to the engine, and a tab whose endpoint has such a payload begins with it. Returns the function that ends it.
 */
export function persistPayloads(services: Needs): () => void {
  const memory = new PayloadMemory(services);
  const look = () => memory.look();
  const stops = [
    services.tabs.subscribe(look),
    services.drafts.subscribe(look),
    services.live.subscribe((live, before) => {
      if (live.endpoints !== before.endpoints) look();
    }),
  ];
  const flush = () => memory.store();
  // The first comes when a page is hidden or closed by a system that gives it no time for the second.
  document.addEventListener('visibilitychange', flush);
  window.addEventListener('pagehide', flush);
  return () => {
    for (const stop of stops) stop();
    document.removeEventListener('visibilitychange', flush);
    window.removeEventListener('pagehide', flush);
    memory.end();
  };
}

/** Forgets the payloads that are kept for the next start. What is in the tabs stays there. */
export async function forgetPayloads({ client, notices }: Pick<Services, 'client' | 'notices'>): Promise<void> {
  const forgotten = await client.call('payloads.forget', {});
  if (forgotten.ok) showDone(notices, 'The payloads kept for the next start are deleted');
  else showFailure(notices, forgotten.error);
}

/** What is known of one tab. */
interface TabMemory {
  /** The endpoint whose payload was asked for last. */
  readonly key: string;
  /** What the engine has of it. */
  readonly kept: KeptPayload | undefined;
  /** `kept` came from the engine, and nobody has changed it since. */
  readonly isLoaded: boolean;
}

class PayloadMemory {
  readonly #services: Needs;
  readonly #tabs = new Map<string, TabMemory>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isFailing = false;

  constructor(services: Needs) {
    this.#services = services;
  }

  /** Looks for tabs that have got another endpoint, and for payloads that have changed. */
  look(): void {
    const open = this.#endpointTabs();
    for (const id of this.#tabs.keys()) if (!open.some((tab) => tab.id === id)) this.#tabs.delete(id);
    for (const tab of open) void this.#load(tab);
    if (this.#timer === undefined) this.store();
  }

  /** Hands over at once what has changed. */
  store(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const tab of this.#endpointTabs()) {
      if (this.#storeOne(tab)) this.#timer = setTimeout(() => this.store(), burstMs);
    }
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  #endpointTabs(): EndpointTab[] {
    const { tabs } = this.#services.tabs.getState();
    return tabs.filter((tab): tab is EndpointTab => tab.kind === 'endpoint' && tab.endpoint !== undefined);
  }

  #keyOf({ endpoint = '' }: EndpointTab) {
    const config = this.#services.live.getState().endpoints.get(endpoint)?.config;
    return config && payloadKeyOf(config);
  }

  async #load(tab: EndpointTab): Promise<void> {
    const endpoint = this.#keyOf(tab);
    const before = this.#tabs.get(tab.id);
    const key = endpoint && payloadKeyText(endpoint);
    if (endpoint === undefined || key === undefined || key === before?.key) return;
    // Text that a person wrote is not replaced, and an endpoint that is given another address may go on with it.
    const mayReplace = isUntouched(this.#draft(tab)) || before?.isLoaded === true;
    this.#tabs.set(tab.id, { key, kept: before?.kept, isLoaded: before?.isLoaded === true });
    if (!mayReplace) return;
    const { text: shown } = this.#draft(tab);
    const answer = await this.#services.client.call('payloads.get', endpoint);
    const kept = answer.ok ? answer.value.payload : null;
    const now = this.#tabs.get(tab.id);
    const draft = this.#draft(tab);
    const isSame = draft.text === shown && (isUntouched(draft) || now?.isLoaded === true);
    if (!kept || now?.key !== key || !isSame) return;
    this.#tabs.set(tab.id, { key, kept, isLoaded: true });
    changeDraft(this.#services.drafts, tab.id, { ...kept, revision: draft.revision + 1 });
  }

  /** Hands over the payload of `tab` where it has changed. Returns whether it has. */
  #storeOne(tab: EndpointTab): boolean {
    const { drafts, client } = this.#services;
    const memory = this.#tabs.get(tab.id);
    const endpoint = this.#keyOf(tab);
    const draft = drafts.getState().byTab[tab.id];
    if (!memory || !endpoint || !draft || isUntouched(draft)) return false;
    const kept = keptOf(draft);
    if (memory.kept && isSamePayload(memory.kept, kept)) return false;
    this.#tabs.set(tab.id, { key: payloadKeyText(endpoint), kept, isLoaded: false });
    if (!keptPayloadSchema.safeParse(kept).success) return false;
    void client.call('payloads.keep', { endpoint, payload: kept }).then((result) => {
      // Once, and not at each key.
      if (!result.ok && !this.#isFailing && result.error.code !== 'disconnected') {
        showFailure(this.#services.notices, result.error);
      }
      this.#isFailing = !result.ok;
    });
    return true;
  }

  #draft(tab: EndpointTab): Draft {
    return draftOf(this.#services.drafts.getState(), tab.id);
  }
}

/** True for a draft that nobody wrote, loaded or changed yet. */
function isUntouched(draft: Draft): boolean {
  return draft.revision === 0 && draft.file === undefined && isSamePayload(keptOf(draft), keptOf(emptyDraft));
}

function isSamePayload(one: KeptPayload, other: KeptPayload): boolean {
  const { name, format, formatChosen, text, lineEnd, changed, frame } = one;
  return (
    text === other.text &&
    name === other.name &&
    format === other.format &&
    formatChosen === other.formatChosen &&
    lineEnd === other.lineEnd &&
    changed === other.changed &&
    frame === other.frame
  );
}
