import { useSyncExternalStore } from 'react';
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

/** The first change is stored immediately; changes within this time after it are stored together. */
const burstMs = 300;

/** Loads the settings, and stores changes of theme, layout and recent filters. Returns a function that stops it. */
export function persistSettings(client: Client, settings: SettingsStore): () => void {
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

/** Moves a filter to the front of the recent filters. */
export function rememberFilter(settings: SettingsStore, text: string): void {
  const { filters } = settings.getState();
  if (text === '' || filters[0] === text) return;
  settings.setState({ filters: [text, ...filters.filter((other) => other !== text)].slice(0, maxRememberedFilters) });
}

/** Saves the retention limits. Sessions beyond them are deleted before it resolves. */
export async function setRetention(
  client: Client,
  settings: SettingsStore,
  retention: Retention,
): Promise<Result<Settings>> {
  const saved = await client.call('settings.set', { retention });
  if (saved.ok) settings.setState({ retention: saved.value.retention });
  return saved;
}

/** Returns a stored size in pixels, or `fallback`: pixels, or a percentage of the available space. */
export function sizeOf<Size extends number | string>(settings: Settings, name: string, fallback: Size): number | Size {
  const value = settings.layout[name];
  return typeof value === 'number' && value > 0 ? value : fallback;
}

/** The inspector's views, in the order of its tabs; the layout stores the index. */
export const inspectorViews = ['pretty', 'text', 'hex', 'calls'] as const;

type Pane = 'sidebar' | 'inspector' | 'composer';

/** In narrower windows (small, or zoomed to 200 %), panes beside the page are hidden by default. Pixels. */
const narrowWidth = 860;

function isBeside(pane: Pane): boolean {
  return pane !== 'composer';
}

/**
 * Returns whether a pane is shown. Panes are shown by default, but in a narrow window those beside the page are hidden by
 * default. The two settings are stored separately.
 */
export function isOpen(settings: Settings, pane: Pane, narrow: boolean): boolean {
  if (narrow && isBeside(pane)) return settings.layout[`${pane}.narrow`] === true;
  return settings.layout[`${pane}.open`] !== false;
}

export function togglePane(settings: SettingsStore, pane: Pane, narrow: boolean): void {
  const name = narrow && isBeside(pane) ? `${pane}.narrow` : `${pane}.open`;
  setLayout(settings, name, !isOpen(settings.getState(), pane, narrow));
}

/** The theme that is shown: the selected one or the system's. */
type ShownTheme = 'dark' | 'light';
export type ThemeStore = StoreApi<{ readonly shown: ShownTheme }>;

export function createThemeStore(): ThemeStore {
  return createStore(() => ({ shown: 'dark' as ShownTheme }));
}

/** Returns the theme after `theme` in the cycle of the theme button. */
export function nextTheme(theme: Theme): Theme {
  return theme === 'system' ? 'dark' : theme === 'dark' ? 'light' : 'system';
}

/** Shows the selected theme, following the system's if that is selected. Returns a function that stops it. */
export function followTheme(settings: SettingsStore, theme: ThemeStore): () => void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    const { theme: chosen, loaded } = settings.getState();
    // Until the settings are loaded, the theme set before the first paint stays.
    const before = document.documentElement.dataset.theme === 'light' ? 'light' : 'dark';
    const shown = !loaded ? before : chosen === 'system' ? (system.matches ? 'dark' : 'light') : chosen;
    document.documentElement.dataset.theme = shown;
    if (loaded) remember(chosen);
    theme.setState({ shown });
  };
  apply();
  const stop = settings.subscribe(apply);
  system.addEventListener('change', apply);
  return () => {
    stop();
    system.removeEventListener('change', apply);
  };
}

/** Stores the theme where `public/theme.js` finds it before the first paint of the next start. */
function remember(theme: Theme): void {
  try {
    localStorage.setItem('wirebench.theme', theme);
  } catch {
    // Without storage, the next start shows the system's theme first.
  }
}

const query = `(max-width: ${narrowWidth}px)`;

export function isNarrow(): boolean {
  return matchMedia(query).matches;
}

function subscribe(onChange: () => void): () => void {
  const media = matchMedia(query);
  media.addEventListener('change', onChange);
  return () => media.removeEventListener('change', onChange);
}

/** Returns true while the window is too narrow for panes beside the page. */
export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, isNarrow);
}

/** How the records of a session are shown. */
export const trafficLayouts = ['table', 'stream', 'sequence'] as const;
type TrafficLayout = (typeof trafficLayouts)[number];

/** Returns how records are shown; the layout stores the index. */
export function trafficLayout({ layout }: Pick<Settings, 'layout'>): TrafficLayout {
  const index = layout['traffic.view'];
  return trafficLayouts[typeof index === 'number' ? index : 0] ?? 'table';
}

/** Selects how records are shown. */
export function setTrafficLayout(settings: SettingsStore, shown: TrafficLayout): void {
  setLayout(settings, 'traffic.view', trafficLayouts.indexOf(shown));
}
