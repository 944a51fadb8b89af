import { type ReactNode, type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import floating from './floating.module.css';
import styles from './popover.module.css';
import { classes } from './text.ts';

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}
interface Size {
  readonly width: number;
  readonly height: number;
}

const gap = 4;
const margin = 8;

/** Returns the position of a panel of `size` in a window of `view`: below its anchor, or above if there is more room. Pixels. */
export function placeBelow(anchor: Box, size: Size, view: Size, align: 'start' | 'end') {
  const wanted = align === 'start' ? anchor.left : anchor.right - size.width;
  const left = Math.max(margin, Math.min(wanted, view.width - size.width - margin));
  const below = view.height - anchor.bottom - gap - margin;
  const above = anchor.top - gap - margin;
  if (size.height <= below || below >= above) return { left, top: anchor.bottom + gap, maxHeight: below };
  const maxHeight = above;
  return { left, top: anchor.top - gap - Math.min(size.height, above), maxHeight };
}

interface PopoverProps {
  readonly open: boolean;
  readonly onClose: () => void;
  /** The element it belongs to; the panel is placed below it, or above if there is no room. */
  readonly anchor: RefObject<HTMLElement | null>;
  readonly align?: 'start' | 'end';
  readonly label: string;
  readonly role?: 'dialog' | 'menu';
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** A panel over the page that closes on Escape or a click outside it. The focus returns to the element that opened it. */
export function Popover({ open, ...props }: PopoverProps) {
  return open ? <OpenPopover {...props} /> : null;
}

function OpenPopover(props: Omit<PopoverProps, 'open'>) {
  const { onClose, anchor, align = 'start', label, role = 'dialog', className, children } = props;
  const panel = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    const element = panel.current;
    const from = anchor.current;
    if (!element || !from) return;
    element.showPopover();
    const place = () => {
      const size = { width: element.offsetWidth, height: element.scrollHeight + 2 };
      const view = { width: window.innerWidth, height: window.innerHeight };
      const spot = placeBelow(from.getBoundingClientRect(), size, view, align);
      element.style.left = `${spot.left}px`;
      element.style.top = `${spot.top}px`;
      element.style.maxHeight = `${spot.maxHeight}px`;
    };
    place();
    const observer = new ResizeObserver(place);
    observer.observe(element);
    window.addEventListener('resize', place);
    return () => {
      observer.disconnect();
      window.removeEventListener('resize', place);
      // Hidden before it is removed from the page: otherwise the browser does not restore the focus.
      if (element.matches(':popover-open')) element.hidePopover();
    };
  }, [anchor, align]);

  useEffect(() => {
    const element = panel.current;
    if (!element) return;
    const toggled = (event: ToggleEvent) => {
      if (event.newState === 'closed') onClose();
    };
    element.addEventListener('toggle', toggled);
    return () => element.removeEventListener('toggle', toggled);
  }, [onClose]);

  const named = { role, 'aria-label': label };
  return (
    <div ref={panel} popover="auto" {...named} className={classes(floating.floating, styles.popover, className)}>
      {children}
    </div>
  );
}
