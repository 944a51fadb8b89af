import { CircleQuestionMark, CircleX } from 'lucide-react';
import { type ReactNode, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import {
  type FieldHelp,
  filterConnectives,
  filterFields,
  filterOperators,
  type OperatorHelp,
} from '#shared/filter/fields.ts';
import { IconButton } from '../../ui/button.tsx';
import floating from '../../ui/floating.module.css';
import { Popover, placeBelow } from '../../ui/popover.tsx';
import { classes, countText } from '../../ui/text.ts';
import styles from './filter-bar.module.css';
import { isSearching, type ListItem, type SearchStatus } from './filter-bar-state.ts';
import { strings } from './strings.ts';

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

interface FilterListProps {
  readonly id: string;
  readonly label: string;
  readonly items: readonly ListItem[];
  readonly active: number;
  readonly onSelectItem: (index: number) => void;
}

/** Returns the id of item `index` of the list `id`. */
export function itemId(id: string, index: number): string {
  return `${id}-${index}`;
}

/** The suggestions or recent filters. The focus stays in the input. */
export function FilterList({ id, label, items, active, onSelectItem }: FilterListProps) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    <div ref={list} id={id} role="listbox" aria-label={label} className={styles.list}>
      {items.map((item, index) => (
        <button
          key={item.label}
          id={itemId(id, index)}
          type="button"
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          className={classes(styles.item, index === active && styles.active)}
          // A mouse press would move the focus out of the input before the click.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onSelectItem(index)}
        >
          <span className={styles.label}>{item.label}</span>
          {item.detail ? <span className={styles.detail}>{item.detail}</span> : null}
        </button>
      ))}
    </div>
  );
}

interface FilterHelpProps {
  /** Called with the example that the user selects. */
  readonly onTry: (example: string) => void;
}

const texts = strings.filterHelp;
const fields: readonly FieldHelp[] = filterFields;
const operators: readonly Pick<OperatorHelp, 'name' | 'also' | 'help'>[] = filterOperators;
const syntax = [...operators, ...filterConnectives].map(({ name, also, help }) => ({
  name: [name, ...also].join(' '),
  help,
}));

/** A button that opens the reference of the filter language. */
export function FilterHelp({ onTry }: FilterHelpProps) {
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  return (
    <>
      <IconButton ref={anchor} small label={texts.label} aria-expanded={open} onClick={() => setOpen(!open)}>
        <CircleQuestionMark size={14} aria-hidden />
      </IconButton>
      <Popover open={open} onClose={() => setOpen(false)} anchor={anchor} align="end" label={texts.label}>
        <div className={styles.help}>
          <p>{texts.introduction}</p>
          <table>
            <thead>
              <tr>
                <th scope="col">{texts.name}</th>
                <th scope="col">{texts.meaning}</th>
                <th scope="col">{texts.example}</th>
              </tr>
            </thead>
            <tbody>
              {fields.map(({ name, help, example }) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td>{help}</td>
                  <td>
                    <button
                      type="button"
                      onClick={() => {
                        setOpen(false);
                        onTry(example);
                      }}
                    >
                      {example}
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          <dl>
            {syntax.map(({ name, help }) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{help}</dd>
              </div>
            ))}
          </dl>
        </div>
      </Popover>
    </>
  );
}

interface FilterStatusProps {
  readonly status: SearchStatus;
  readonly onCancel?: (() => void) | undefined;
}

/** The number of matching records, and the progress of the search while it runs. */
export function FilterStatusText({ status, onCancel }: FilterStatusProps) {
  const { matched, scanned, total } = status;
  const percent = total === 0 ? 100 : Math.floor((scanned / total) * 100);
  const count = matched === undefined ? '…' : countText(matched);
  return (
    <span className={styles.status}>
      <span title={strings.filter.status(count, total)}>
        {count} / {countText(total)}
      </span>
      {isSearching(status) ? (
        <span className={styles.searching}>
          <progress aria-label={strings.filter.searching} max={100} value={percent} />
          {percent} %
          {onCancel ? (
            <IconButton small label={strings.filter.stop} onClick={onCancel}>
              <CircleX size={14} aria-hidden />
            </IconButton>
          ) : null}
        </span>
      ) : null}
    </span>
  );
}
