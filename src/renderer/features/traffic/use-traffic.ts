import { type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useStore } from 'zustand/react';
import type { SessionView } from '#shared/contract/models.ts';
import { filterOfTab, shownOf, showStatistics } from '../../state/filters.ts';
import { showDone } from '../../state/notices.ts';
import { select, type TrafficRequest } from '../../state/selection.ts';
import { type Services, useServices } from '../../state/services.ts';
import { isDirect, type RowMetrics, topOfScroll } from '../../ui/virtual-list.tsx';
import { FoundMarks, type FoundState, findMatch, nothingFound } from './found-marks.ts';
import { strings } from './strings.ts';
import { rowHeight } from './traffic-state.ts';
import { TrafficView } from './traffic-view.ts';

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
  useEffect(
    () =>
      services.traffic.serve(tab, (request) => {
        // Rendering is not possible in an effect, which also runs the request made before this traffic was on the page.
        queueMicrotask(() => void runRequest(services, tab, { view, pane: pane.current, request }));
      }),
    [view, services, tab, pane],
  );
  useEffect(() => publishSelection(services, tab, view), [view, services, tab]);
  return view;
}

interface Asked {
  readonly view: TrafficView;
  readonly pane: HTMLElement | null;
  readonly request: TrafficRequest;
}

async function runRequest(services: Services, tab: string, { view, pane, request }: Asked): Promise<void> {
  // The rows must be rendered before one of them can take the focus.
  flushSync(() => showStatistics(services.statistics, tab, false));
  if (request.kind === 'match') {
    const { text, mode } = filterOfTab(services.filters.getState(), tab);
    if (mode === 'find' && text !== '') await findMatch(services, view, text, request.backward);
    else view.step(request.backward);
    return;
  }
  if (request.kind === 'end') {
    view.resume();
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

/** Returns the view of `session` in a tab. It keeps its scroll position and selection until the tab is closed. */
function viewOf(services: Services, tab: string, session: string): TrafficView {
  const byTab = services.own(createViews);
  const known = byTab.get(tab);
  if (known?.session === session) return known;
  known?.dispose();
  const view = new TrafficView(services.client, session);
  byTab.set(tab, view);
  return view;
}

/** The views by tab. Those of closed tabs are disposed of. */
function createViews({ tabs, live }: Services): Map<string, TrafficView> {
  const views = new Map<string, TrafficView>();
  tabs.subscribe(({ tabs: open }) => {
    for (const [id, view] of views) {
      if (open.some((other) => other.id === id)) continue;
      views.delete(id);
      view.dispose();
    }
  });
  live.subscribe(({ connection }, before) => {
    if (connection !== 'open' || before.connection === 'open') return;
    for (const view of views.values()) view.renew();
  });
  return views;
}

/** Smaller differences of `scrollTop` are rounding, in pixels. */
const tolerance = 0.75;

/**
 * Keeps the scroll bar of `scroller` and the position in `view` in step: `scrollTop` is where the view wants it. Returns
 * the handler of the scroll event.
 */
export function useGridScroll(
  scroller: RefObject<HTMLDivElement | null>,
  view: TrafficView,
  metrics: RowMetrics,
  scrollTop: number,
): () => void {
  const expected = useRef(0);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const measure = () => view.setViewport(element.clientHeight);
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, [scroller, view]);

  // The store sets the position. The scroll event that this causes is not an action of the user.
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    if (Math.abs(element.scrollTop - scrollTop) > tolerance) element.scrollTop = scrollTop;
    expected.current = element.scrollTop;
  });

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const onWheel = (event: WheelEvent) => scrollByWheel(event, view);
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [scroller, view]);

  return () => {
    const element = scroller.current;
    if (!element || Math.abs(element.scrollTop - expected.current) <= tolerance) return;
    expected.current = element.scrollTop;
    // When the height changes at the end, the browser scrolls, and may report that before the new height.
    if (element.clientHeight !== view.store.getState().viewport) view.setViewport(element.clientHeight);
    else view.scrollTo(topOfScroll(metrics, element.scrollTop));
  };
}

function scrollByWheel(event: WheelEvent, view: TrafficView): void {
  if (event.ctrlKey || event.deltaY === 0) return;
  const { count, top, viewport } = view.store.getState();
  if (event.deltaY < 0) view.stopFollowing();
  if (isDirect({ total: count, rowHeight, viewport })) return;
  // The scroll bar is too coarse for this many rows: one notch of the wheel would scroll thousands of them.
  event.preventDefault();
  view.scrollTo(top + event.deltaY / rowHeight);
}
