import { type RefObject, useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand/react';
import type { SessionView } from '#shared/contract/models.ts';
import { filterOfTab, shownOf } from '../../state/filters.ts';
import { showDone } from '../../state/notices.ts';
import { select, takeRequest } from '../../state/selection.ts';
import { type Services, useServices } from '../../state/services.ts';
import { FoundMarks, type FoundState, findMatch, nothingFound } from './found-marks.ts';
import { strings } from './strings.ts';
import type { TrafficView } from './traffic-view.ts';
import { viewOf } from './views.ts';

/** Returns the view of a session in a tab, and keeps its filter, its record count and its selection up to date. */
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
    const run = () => void runCommand(services, tab, view, pane.current);
    run();
    return services.selection.subscribe(run);
  }, [view, services, tab, pane]);
  useEffect(() => publishSelection(services, tab, view), [view, services, tab]);
  return view;
}

async function runCommand(services: Services, tab: string, view: TrafficView, pane: HTMLElement | null): Promise<void> {
  const request = takeRequest(services.selection, tab);
  if (!request) return;
  if (request.kind === 'match') {
    const { text, mode } = filterOfTab(services.filters.getState(), tab);
    if (mode === 'find' && text !== '') await findMatch(services, view, text, request.backward);
    else view.step(request.backward);
    return;
  }
  pane?.querySelector<HTMLElement>('[data-focus="traffic"]')?.focus();
  const position = request.kind === 'time' ? await view.selectTime(request.at) : await view.selectRecord(request.seq);
  const { noMatch, noMatchHelp, hidden, hiddenHelp } = strings.goTo;
  if (!position) showDone(services.notices, noMatch, noMatchHelp);
  else if (request.kind === 'record' && position.seq !== request.seq) {
    showDone(services.notices, hidden(request.seq), hiddenHelp(position.seq));
  }
}

/** Publishes the selected record for the inspector, as soon as its row is fetched. */
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

/** Returns the matches of find mode among the rows, and their total number. */
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
