import { z } from 'zod';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Pairing } from '#shared/statistics/statistics.ts';

/** Storage of the last selected pairing. */
const storageKey = 'wirebench.pairing';

const pairingSchema = z.object({
  kind: z.enum(['order', 'path']),
  request: z.string().max(512),
  reply: z.string().max(512),
});

/** The selected pairing. Its paths are kept while replies are paired in order. An empty reply path means the request's. */
type PairingChoice = z.infer<typeof pairingSchema>;

interface StatisticsShown {
  /** Tabs that show statistics instead of their traffic. */
  readonly byTab: Readonly<Record<string, boolean | undefined>>;
  readonly pairing: PairingChoice;
}
export type StatisticsStore = StoreApi<StatisticsShown>;

export function createStatisticsStore(): StatisticsStore {
  return createStore<StatisticsShown>(() => ({ byTab: {}, pairing: rememberedPairing() }));
}

export function showStatistics(store: StatisticsStore, tab: string, shown: boolean): void {
  store.setState(({ byTab }) => ({ byTab: { ...byTab, [tab]: shown } }));
}

export function selectPairing(store: StatisticsStore, pairing: PairingChoice): void {
  store.setState({ pairing });
  try {
    localStorage.setItem(storageKey, JSON.stringify(pairing));
  } catch {
    // Storage is missing or full: the next start pairs in order.
  }
}

/** Returns the pairing for the engine: in order unless there is a path to pair by. */
export function pairingOf({ kind, request, reply }: PairingChoice): Pairing {
  if (kind === 'order' || request.trim() === '') return { kind: 'order' };
  return { kind: 'path', request: request.trim(), reply: reply.trim() || request.trim() };
}

function rememberedPairing(): PairingChoice {
  const none: PairingChoice = { kind: 'order', request: '', reply: '' };
  try {
    const parsed = pairingSchema.safeParse(JSON.parse(localStorage.getItem(storageKey) ?? 'null'));
    return parsed.success ? parsed.data : none;
  } catch {
    return none;
  }
}
