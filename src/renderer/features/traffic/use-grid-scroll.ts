import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import { isDirect, type RowMetrics, topOfScroll } from '../../ui/virtual-list.tsx';
import { rowHeight } from './traffic-state.ts';
import type { TrafficView } from './traffic-view.ts';

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
