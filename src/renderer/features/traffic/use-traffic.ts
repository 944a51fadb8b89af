import { type RefObject, useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand/react';
import type { SessionView } from '#shared/contract/models.ts';
import { filterOfTab, shownOf } from '../../client/filters-store.ts';
import { showDone } from '../../client/notices-store.ts';
import { select, takeRequest } from '../../client/selection-store.ts';
import type { Services } from '../../client/services.ts';
import { useServices } from '../../client/use-services.ts';
import { countText } from '../../ui/figures.ts';
import { findMatch } from './find-match.ts';
import { FoundMarks, type FoundState, nothingFound } from './found-marks.ts';
import type { TrafficView } from './traffic-view.ts';
import { viewOf } from './views.ts';

/** The view of a session in a tab, kept as its filter, its count and what is asked of it say. */
export function useTraffic(
  tab: string,
  session: SessionView,
  endpoint: string | undefined,
  pane: RefObject<HTMLElement | null>,
): TrafficView {
  const services = useServices();
  const view = useMemo(() => viewOf(services, tab, session.id), [services, tab, session.id]);
  const filter = useStore(services.filters, (state) => shownOf(filterOfTab(state, tab), endpoint).filter);
  const scope = useStore(services.filters, (state) => shownOf(filterOfTab(state, tab), endpoint).endpoint);
  useEffect(() => view.setFilter(filter, scope), [view, filter, scope]);
  useEffect(() => view.setTotal(session.total, session.state !== 'read-only'), [view, session.total, session.state]);
  useEffect(() => {
    view.setShown(true);
    return () => view.setShown(false);
  }, [view]);
  useEffect(() => {
    const obey = () => void obeyWish(services, tab, view, pane.current);
    obey();
    return services.selection.subscribe(obey);
  }, [view, services, tab, pane]);
  useEffect(() => publishSelection(services, tab, view), [view, services, tab]);
  return view;
}

async function obeyWish(services: Services, tab: string, view: TrafficView, pane: HTMLElement | null): Promise<void> {
  const wish = takeRequest(services.selection, tab);
  if (!wish) return;
  if (wish.kind === 'match') {
    const { text, mode } = filterOfTab(services.filters.getState(), tab);
    if (mode === 'find' && text !== '') await findMatch(services, view, text, wish.backward);
    else view.step(wish.backward);
    return;
  }
  pane?.querySelector<HTMLElement>('[data-focus="traffic"]')?.focus();
  const place = wish.kind === 'time' ? await view.selectTime(wish.at) : await view.selectRecord(wish.seq);
  if (!place) showDone(services.notices, 'No record to go to', 'The filter lets none through.');
  else if (wish.kind === 'record' && place.seq !== wish.seq) {
    const number = countText(wish.seq);
    showDone(
      services.notices,
      `The filter hides #${number}`,
      `This is #${countText(place.seq)}, the nearest that it shows.`,
    );
  }
}

/** Tells the inspector which record is chosen, as soon as it is here. */
function publishSelection(services: Services, tab: string, view: TrafficView): () => void {
  return view.store.subscribe((state, before) => {
    if (state.selected === before.selected && state.rows === before.rows) return;
    const shown = services.selection.getState().byTab[tab];
    const row = state.selectedShown ? state.rows.get(state.selectedAt) : undefined;
    if (state.selected < 0) {
      if (shown) select(services.selection, tab, undefined);
    } else if (row && row.seq === state.selected && (shown?.row !== row || shown.session !== view.session)) {
      select(services.selection, tab, { session: view.session, row, info: state.sockets.get(row.socket) });
    }
  });
}

/** What is marked while one looks for something without hiding the rest: the matches among the rows, and their count. */
export function useFound(tab: string, view: TrafficView, endpoint: string | undefined): FoundState {
  const { client, filters } = useServices();
  const filter = useStore(filters, (state) => {
    const own = filterOfTab(state, tab);
    return own.mode === 'find' ? own.text : '';
  });
  const scope = useStore(filters, (state) => shownOf(filterOfTab(state, tab), endpoint).endpoint);
  const [state, setState] = useState<FoundState>();
  useEffect(() => {
    if (filter === '') return;
    const marks = new FoundMarks(client, view, { filter, endpoint: scope });
    const stop = marks.store.subscribe(setState);
    return () => {
      stop();
      marks.dispose();
      setState(undefined);
    };
  }, [client, view, filter, scope]);
  return filter === '' ? nothingFound : (state ?? nothingFound);
}
