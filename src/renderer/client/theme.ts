import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SettingsStore, Theme } from './settings-store.ts';

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
