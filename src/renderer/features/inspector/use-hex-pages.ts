import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Failure } from '#shared/failure.ts';
import type { Selection } from '../../client/selection-store.ts';
import { useServices } from '../../client/use-services.ts';
import { pageSize, pagesOf, rowBytesIn } from './hex-rows.ts';

/** Maximum number of pages kept; each is 32 KiB. */
const maxPages = 64;

interface HexPages {
  readonly failure: Failure | undefined;
  /** Fetches the pages that contain rows `[first, first + count)`. */
  readonly load: (first: number, count: number) => void;
  /** Returns the bytes of a row; `undefined` until they are fetched. */
  readonly rowAt: (index: number) => Uint8Array | undefined;
}

/** Fetches the pages of a message on demand, in rows of `rowBytes`. */
export function useHexPages({ session, row: { seq, length } }: Selection, rowBytes: number): HexPages {
  const { client } = useServices();
  const pages = useRef(new Map<number, Uint8Array | 'loading'>());
  const [, redraw] = useState(0);
  const [failure, setFailure] = useState<Failure>();
  const isMounted = useRef(true);
  useEffect(() => {
    isMounted.current = true;
    return () => {
      isMounted.current = false;
    };
  }, []);

  const load = useCallback(
    (first: number, count: number) => {
      for (const page of pagesOf(first, count, rowBytes, length)) {
        if (pages.current.has(page)) continue;
        pages.current.set(page, 'loading');
        const from = page * pageSize;
        const input = { session, seq, from, length: Math.min(pageSize, length - from) };
        void client.call('sessions.payload', input).then((result) => {
          if (!isMounted.current) return;
          if (result.ok) pages.current.set(page, result.value.bytes);
          else setFailure(result.error);
          const oldest = pages.current.keys().next();
          if (pages.current.size > maxPages && !oldest.done) pages.current.delete(oldest.value);
          redraw((times) => times + 1);
        });
      }
    },
    [client, session, seq, length, rowBytes],
  );

  const rowAt = (index: number) => {
    const page = pages.current.get(Math.floor((index * rowBytes) / pageSize));
    const at = (index * rowBytes) % pageSize;
    return page instanceof Uint8Array ? page.subarray(at, at + rowBytes) : undefined;
  };
  return { failure, load, rowAt };
}

/** Returns the number of bytes per row that fit in the width of `pane`. */
export function useRowBytes(pane: RefObject<HTMLElement | null>): number {
  const [rowBytes, setRowBytes] = useState(8);
  useLayoutEffect(() => {
    const element = pane.current;
    if (!element) return;
    const measure = () => setRowBytes(rowBytesIn(element.clientWidth));
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, [pane]);
  return rowBytes;
}
