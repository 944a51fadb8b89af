import { memo, type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Match } from './find-bar.tsx';
import styles from './message-views.module.css';
import { type TextBlock, type TextSegment, textParts } from './text-segments.ts';

/** Distance from the viewport within which an element counts as near: about one screen. */
const margin = '400px 0px';

/** Notifies elements of a scroll container when they come near its viewport, and when they leave. */
export class NearWatch {
  readonly #listeners = new Map<Element, (isNear: boolean) => void>();
  #observer: IntersectionObserver | undefined;
  readonly #root: () => Element | null;

  constructor(root: () => Element | null) {
    this.#root = root;
  }

  /** Calls `listener` now and whenever `element` comes near or leaves. Returns the function that stops it. */
  watch(element: Element, listener: (isNear: boolean) => void): () => void {
    this.#listeners.set(element, listener);
    this.#observer ??= new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) this.#listeners.get(target)?.(isIntersecting);
      },
      { root: this.#root(), rootMargin: margin },
    );
    this.#observer.observe(element);
    return () => {
      this.#listeners.delete(element);
      this.#observer?.unobserve(element);
    };
  }
}

/** Height of a line, and the approximate number of characters in it, to estimate the height of a part before it is drawn. */
const lineHeight = 18;
const lineLength = 56;

interface TextPartProps {
  readonly bytes: Uint8Array;
  readonly block: TextBlock;
  readonly index: number;
  readonly reveal: boolean;
  readonly match: Match | undefined;
  readonly watch: NearWatch;
  /** Drawn before it is known whether it is visible. */
  readonly first: boolean;
}

/**
 * One block of a message as text. It has content only near the viewport, so that the cost of layout does not grow with the
 * message. Elsewhere it keeps its last or estimated height.
 */
export const TextPart = memo(function TextPart({ bytes, block, index, reveal, match, watch, first }: TextPartProps) {
  const part = useRef<HTMLDivElement>(null);
  const found = useRef<HTMLElement>(null);
  const [near, setNear] = useState(first);
  const height = useRef(estimatedHeight(block));
  const isMatch = match !== undefined && match.at < block.to && match.at + match.length > block.from;
  const isDrawn = near || isMatch;
  useEffect(() => {
    const element = part.current;
    if (!element) return;
    return watch.watch(element, (isNear) => {
      // Selected text must stay in the document.
      if (!isNear && hasSelection(element)) return;
      if (!isNear) height.current = element.offsetHeight;
      setNear(isNear);
    });
  }, [watch]);
  useLayoutEffect(() => {
    if (match && match.at >= block.from && match.at < block.to) found.current?.scrollIntoView({ block: 'nearest' });
  }, [match, block]);
  const parts = useMemo(
    () => (isDrawn ? textParts(bytes, block, isMatch ? match : undefined, reveal) : undefined),
    [isDrawn, isMatch, bytes, block, match, reveal],
  );
  return (
    <div
      ref={part}
      className={styles.textPart}
      data-part={index}
      style={parts ? undefined : { height: height.current }}
    >
      {parts ? <Parts parts={parts} found={found} /> : null}
    </div>
  );
});

function Parts({
  parts,
  found,
}: {
  readonly parts: ReturnType<typeof textParts>;
  found: RefObject<HTMLElement | null>;
}) {
  return (
    <>
      <Segments segments={parts.before} />
      {parts.match.length > 0 ? (
        <mark ref={found} className={styles.match}>
          <Segments segments={parts.match} />
        </mark>
      ) : null}
      <Segments segments={parts.after} />
    </>
  );
}

function Segments({ segments }: { readonly segments: readonly TextSegment[] }) {
  return segments.map((segment) =>
    segment.kind === 'text' ? (
      segment.text
    ) : (
      <mark key={segment.at} className={styles[segment.kind]} data-segment={segment.kind} title={segment.title}>
        {segment.text}
      </mark>
    ),
  );
}

function estimatedHeight({ from, to, lines }: TextBlock): number {
  return lineHeight * Math.max(1, lines, Math.ceil((to - from) / lineLength));
}

function hasSelection(element: HTMLElement): boolean {
  const selection = element.ownerDocument.getSelection();
  return selection !== null && !selection.isCollapsed && element.parentNode?.contains(selection.anchorNode) === true;
}
