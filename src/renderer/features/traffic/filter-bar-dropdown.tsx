import { type ReactNode, type RefObject, useLayoutEffect, useRef } from 'react';
import { classes } from '../../ui/classes.ts';
import floating from '../../ui/floating.module.css';
import { placeBelow } from '../../ui/placement.ts';
import styles from './filter-bar.module.css';

interface FilterDropdownProps {
  /** The element above the panel. */
  readonly anchor: RefObject<HTMLElement | null>;
  /** Distance from the anchor's left edge, in pixels. */
  readonly offset: () => number;
  readonly children: ReactNode;
}

/** A panel below the input. It is a manual popover, because the focus stays in the input and the input closes it. */
export function FilterDropdown({ anchor, offset, children }: FilterDropdownProps) {
  const panel = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = panel.current;
    if (element?.matches(':popover-open') === false) element.showPopover();
  }, []);
  // The position can change with every character.
  useLayoutEffect(() => {
    const place = () => {
      const element = panel.current;
      const box = anchor.current?.getBoundingClientRect();
      if (!element || !box) return;
      const at = { left: box.left + offset(), right: box.right, top: box.top, bottom: box.bottom };
      const size = { width: element.offsetWidth, height: element.scrollHeight + 2 };
      const spot = placeBelow(at, size, { width: window.innerWidth, height: window.innerHeight }, 'start');
      element.style.left = `${spot.left}px`;
      element.style.top = `${spot.top}px`;
      element.style.maxHeight = `${Math.min(spot.maxHeight, 320)}px`;
    };
    place();
    window.addEventListener('resize', place);
    return () => window.removeEventListener('resize', place);
  });
  return (
    <div ref={panel} popover="manual" className={classes(floating.floating, styles.dropdown)}>
      {children}
    </div>
  );
}
