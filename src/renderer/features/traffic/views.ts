import type { Services } from '../../client/services.ts';
import { TrafficView } from './traffic-view.ts';

const views = new WeakMap<Services, Map<string, TrafficView>>();

/** The view of `session` in a tab: made once, kept with its place and selection until the tab is closed. */
export function viewOf(services: Services, tab: string, session: string): TrafficView {
  let byTab = views.get(services);
  if (!byTab) {
    const made = new Map<string, TrafficView>();
    services.tabs.subscribe(({ tabs }) => {
      for (const id of made.keys()) if (!tabs.some((other) => other.id === id)) made.delete(id);
    });
    views.set(services, made);
    byTab = made;
  }
  const known = byTab.get(tab);
  if (known?.session === session) return known;
  const view = new TrafficView(services.client, session);
  byTab.set(tab, view);
  return view;
}
