import { type KeptPayload, keptPayloadSchema, payloadKeyOf, payloadKeyText } from '#shared/contract/payloads.ts';
import { changeDraft, type Draft, draftOf, emptyDraft } from '../../state/drafts.ts';
import { showDone, showFailure } from '../../state/notices.ts';
import type { Services } from '../../state/services.ts';
import type { EndpointTab } from '../../state/tabs.ts';

/** The first change is stored immediately; changes within this time after it are stored together. */
const burstMs = 300;

type Needs = Pick<Services, 'client' | 'tabs' | 'drafts' | 'live' | 'notices'>;

/** Returns the stored part of a draft: without target, timing and file. */
export function keptOf({ name, format, formatChosen, text, lineEnd, changed, frame }: Draft): KeptPayload {
  return { name, format, formatChosen, text, lineEnd, changed, frame };
}

/**
 * Keeps the payload of each endpoint across restarts of Wirebench: the text in an endpoint's tab is stored by the engine, and
 * a new tab of that endpoint starts with it. Returns a function that stops it.
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
  // Some systems hide or close a page without a `pagehide` event.
  document.addEventListener('visibilitychange', flush);
  window.addEventListener('pagehide', flush);
  return () => {
    for (const stop of stops) stop();
    document.removeEventListener('visibilitychange', flush);
    window.removeEventListener('pagehide', flush);
    memory.end();
  };
}

/** Deletes the payloads stored for the next start. The text in open tabs stays. */
export async function forgetPayloads({ client, notices }: Pick<Services, 'client' | 'notices'>): Promise<void> {
  const forgotten = await client.call('payloads.forget', {});
  if (forgotten.ok) showDone(notices, 'Stored payloads deleted');
  else showFailure(notices, forgotten.error);
}

/** The state of one tab. */
interface TabMemory {
  /** The endpoint whose payload was last requested. */
  readonly key: string;
  /** The payload that the engine has stored. */
  readonly kept: KeptPayload | undefined;
  /** The draft is the payload loaded from the engine, unchanged. */
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

  /** Loads the payloads of tabs whose endpoint has changed, and stores changed payloads. */
  look(): void {
    const open = this.#endpointTabs();
    for (const id of this.#tabs.keys()) if (!open.some((tab) => tab.id === id)) this.#tabs.delete(id);
    for (const tab of open) void this.#load(tab);
    if (this.#timer === undefined) this.store();
  }

  /** Stores the changed payloads immediately. */
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
    // Never replace text that the user wrote: an endpoint with a changed address keeps it.
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

  /** Stores the payload of `tab` if it has changed. Returns whether it has. */
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
      // Reported once, not on each key.
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

/** Returns true for a draft that was not written, loaded or changed yet. */
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
