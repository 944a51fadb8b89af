import type { Services } from '../../client/services.ts';
import { TrafficView } from './traffic-view.ts';

const views = new WeakMap<Services, Map<string, TrafficView>>();

/** The view of `session` in a tab: made once, kept with its place and selection until the tab is closed. */
export function viewOf(services: Services, tab: string, session: string): TrafficView {
  let byTab = views.get(services);
  if (!byTab) {
    const made = new Map<string, TrafficView>();
    services.tabs.subscribe(({ tabs }) => {
      for (const [id, view] of made) {
        if (tabs.some((other) => other.id === id)) continue;
        made.delete(id);
        view.dispose();
      }
    });
    views.set(services, made);
    byTab = made;
  }
  const known = byTab.get(tab);
  if (known?.session === session) return known;
  known?.dispose();
  const view = new TrafficView(services.client, session);
  byTab.set(tab, view);
  return view;
}
