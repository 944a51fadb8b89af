import type { Services } from '../../client/services.ts';
import { TrafficView } from './traffic-view.ts';

const views = new WeakMap<Services, Map<string, TrafficView>>();

/** Returns the view of `session` in a tab. It keeps its scroll position and selection until the tab is closed. */
export function viewOf(services: Services, tab: string, session: string): TrafficView {
  let byTab = views.get(services);
  if (!byTab) {
    const created = new Map<string, TrafficView>();
    services.tabs.subscribe(({ tabs }) => {
      for (const [id, view] of created) {
        if (tabs.some((other) => other.id === id)) continue;
        created.delete(id);
        view.dispose();
      }
    });
    services.live.subscribe(({ connection }, before) => {
      if (connection !== 'open' || before.connection === 'open') return;
      for (const view of created.values()) view.renew();
    });
    views.set(services, created);
    byTab = created;
  }
  const known = byTab.get(tab);
  if (known?.session === session) return known;
  known?.dispose();
  const view = new TrafficView(services.client, session);
  byTab.set(tab, view);
  return view;
}
