import { createContext, useContext } from 'react';
import { useStore } from 'zustand/react';
import type { LiveState } from './live-store.ts';
import type { Services } from './services.ts';
import type { SettingsState } from './settings-store.ts';
import type { Tab, TabsState } from './tabs-store.ts';

export const ServicesContext = createContext<Services | undefined>(undefined);

export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (!services) throw new Error('no services are provided');
  return services;
}

export function useLive<T>(selector: (state: LiveState) => T): T {
  return useStore(useServices().live, selector);
}

export function useTabs<T>(selector: (state: TabsState) => T): T {
  return useStore(useServices().tabs, selector);
}

export function useSettings<T>(selector: (state: SettingsState) => T): T {
  return useStore(useServices().settings, selector);
}

export type { Tab };
