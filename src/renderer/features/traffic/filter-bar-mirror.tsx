import type { Ref } from 'react';
import type { FilterProblem } from '#shared/filter/ast.ts';
import styles from './filter-bar.module.css';
import { markedPieces } from './filter-bar-state.ts';

interface FilterMirrorProps {
  readonly ref: Ref<HTMLDivElement>;
  readonly text: string;
  readonly problem: FilterProblem | undefined;
}

/** An invisible copy of the text over the input, to underline an error and to measure positions. */
export function FilterMirror({ ref, text, problem }: FilterMirrorProps) {
  if (!problem) {
    return (
      <div ref={ref} className={styles.mirror}>
        {text}
      </div>
    );
  }
  const { before, marked, after } = markedPieces(text, problem);
  return (
    <div ref={ref} className={styles.mirror}>
      {before}
      <span className={styles.wrong}>{marked}</span>
      {after}
    </div>
  );
}

/** Returns the distance of the character at `at` in `mirror` from the left edge of `field`, in pixels. */
export function leftOf(mirror: HTMLElement | null, field: HTMLElement | null, at: number): number {
  if (!mirror || !field) return 0;
  const range = document.createRange();
  range.setStart(mirror, 0);
  range.setEnd(mirror, 0);
  let left = at;
  const walker = document.createTreeWalker(mirror, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const length = node.nodeValue?.length ?? 0;
    range.setEnd(node, Math.min(left, length));
    if (left <= length) break;
    left -= length;
  }
  const edge = at === 0 ? mirror.getBoundingClientRect().left : range.getBoundingClientRect().right;
  return Math.max(0, edge - field.getBoundingClientRect().left);
}
