import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SettingsStore, Theme } from './settings-store.ts';

/** The theme that is shown: what was chosen, or what the system says. */
type ShownTheme = 'dark' | 'light';
export type ThemeStore = StoreApi<{ readonly shown: ShownTheme }>;

export function createThemeStore(): ThemeStore {
  return createStore(() => ({ shown: 'dark' as ShownTheme }));
}

/** The next of the three when the theme button is pressed. */
export function nextTheme(theme: Theme): Theme {
  return theme === 'system' ? 'dark' : theme === 'dark' ? 'light' : 'system';
}

/** Shows the chosen theme, and follows the system where that is the choice. Gives the function that ends it. */
export function keepTheme(settings: SettingsStore, theme: ThemeStore): () => void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    const { theme: chosen, loaded } = settings.getState();
    // Until the settings are here, what was set before the first paint stays.
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

/** Keeps the choice where `public/theme.js` finds it before the first paint of the next start. */
function remember(theme: Theme): void {
  try {
    localStorage.setItem('wirebench.theme', theme);
  } catch {
    // A page without storage asks the system at its next start.
  }
}
