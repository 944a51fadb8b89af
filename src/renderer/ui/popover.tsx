import { type ReactNode, type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import { classes } from './classes.ts';
import { placeBelow } from './placement.ts';
import styles from './popover.module.css';

interface PopoverProps {
  readonly open: boolean;
  readonly onClose: () => void;
  /** What it belongs to: it is placed below it, or above where there is no room. */
  readonly anchor: RefObject<HTMLElement | null>;
  readonly align?: 'start' | 'end';
  readonly label: string;
  readonly role?: 'dialog' | 'menu';
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** A panel over everything that closes with Escape or a click beside it. Focus returns to what opened it. */
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
      // Hidden while it is still in the page: only then does the browser give the focus back.
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
    <div ref={panel} popover="auto" {...named} className={classes(styles.popover, className)}>
      {children}
    </div>
  );
}
