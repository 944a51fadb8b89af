import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Client } from '#shared/contract/client.ts';
import { defaultSettings, maxRememberedFilters, type Retention, type Settings } from '#shared/contract/models.ts';
import type { Result } from '#shared/failure.ts';

export interface SettingsState extends Settings {
  readonly loaded: boolean;
}
export type SettingsStore = StoreApi<SettingsState>;
export type Theme = Settings['theme'];
type LayoutValue = Settings['layout'][string];

export function createSettingsStore(): SettingsStore {
  return createStore<SettingsState>(() => ({ ...defaultSettings, loaded: false }));
}

/** How long the changes of a burst (a pane being dragged) are gathered after the first, which is stored at once. */
const burstMs = 300;

/** Loads the settings, and stores each change of theme, layout and filters used. Gives the function that stops storing. */
export function keepSettings(client: Client, settings: SettingsStore): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isStored = true;
  void client.call('settings.get', {}).then((result) => {
    settings.setState(result.ok ? { ...result.value, loaded: true } : { loaded: true });
  });
  const store = () => {
    timer = undefined;
    if (isStored) return;
    const { theme, layout, filters } = settings.getState();
    isStored = true;
    timer = setTimeout(store, burstMs);
    void client.call('settings.set', { theme, layout, filters: [...filters] });
  };
  const stop = settings.subscribe((state, before) => {
    const isSame = state.theme === before.theme && state.layout === before.layout && state.filters === before.filters;
    if (!before.loaded || isSame) return;
    isStored = false;
    if (timer === undefined) store();
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
}

export function setLayout(settings: SettingsStore, name: string, value: LayoutValue): void {
  const { layout } = settings.getState();
  if (layout[name] === value) return;
  settings.setState({ layout: { ...layout, [name]: value } });
}

/** Puts a filter at the head of those used before, where it stands once. */
export function rememberFilter(settings: SettingsStore, text: string): void {
  const { filters } = settings.getState();
  if (text === '' || filters[0] === text) return;
  settings.setState({ filters: [text, ...filters.filter((other) => other !== text)].slice(0, maxRememberedFilters) });
}

/** Saves how many sessions are kept; what is beyond that is deleted before it answers. */
export async function setRetention(
  client: Client,
  settings: SettingsStore,
  retention: Retention,
): Promise<Result<Settings>> {
  const saved = await client.call('settings.set', { retention });
  if (saved.ok) settings.setState({ retention: saved.value.retention });
  return saved;
}

/** A remembered size in pixels, or `fallback`: pixels too, or a share of the room as `38%`. */
export function sizeOf<Size extends number | string>(settings: Settings, name: string, fallback: Size): number | Size {
  const value = settings.layout[name];
  return typeof value === 'number' && value > 0 ? value : fallback;
}

/** The inspector's views, in the order of its tabs; the layout remembers one by its place. */
export const inspectorViews = ['pretty', 'text', 'hex', 'calls'] as const;

type Pane = 'sidebar' | 'inspector' | 'composer';

/** Windows narrower than this (a small one, or one at 200 % zoom) have no room for panes beside the page. */
export const narrowWidth = 860;

function isBeside(pane: Pane): boolean {
  return pane !== 'composer';
}

/**
 * Whether a pane is shown. Panes are, until someone hides them; in a narrow window those beside the page are not, until
 * someone shows them. The two are remembered apart.
 */
export function isOpen(settings: Settings, pane: Pane, narrow: boolean): boolean {
  if (narrow && isBeside(pane)) return settings.layout[`${pane}.narrow`] === true;
  return settings.layout[`${pane}.open`] !== false;
}

export function togglePane(settings: SettingsStore, pane: Pane, narrow: boolean): void {
  const name = narrow && isBeside(pane) ? `${pane}.narrow` : `${pane}.open`;
  setLayout(settings, name, !isOpen(settings.getState(), pane, narrow));
}
