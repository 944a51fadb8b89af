import { Funnel, History, X } from 'lucide-react';
import { type ReactNode, useId, useRef } from 'react';
import { IconButton } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { Segmented } from '../../ui/segmented.tsx';
import styles from './filter-bar.module.css';
import { FilterDropdown } from './filter-bar-dropdown.tsx';
import { FilterHelp } from './filter-bar-help.tsx';
import { FilterList, itemId } from './filter-bar-list.tsx';
import { FilterMirror, leftOf } from './filter-bar-mirror.tsx';
import { isUnfinished, itemsOf, type SearchStatus } from './filter-bar-state.ts';
import { FilterStatusText } from './filter-bar-status.tsx';
import { useFilterBar } from './use-filter-bar.ts';

type FilterMode = 'filter' | 'find';

export interface FilterBarProps {
  /** The filter that is applied; empty for none. */
  readonly value: string;
  /** Takes a filter that was checked, without white space around it; empty for none. */
  readonly onApply: (text: string) => void;
  /** Filters used before, the last first. */
  readonly history: readonly string[];
  /** How far the search of the applied filter has come; none while nothing is searched for. */
  readonly status?: SearchStatus | undefined;
  /** Ends a search that is under way; without it there is no button for that. */
  readonly onCancel?: (() => void) | undefined;
  /** Whether what does not match is hidden or what does is marked; without `onMode` there is no choice. */
  readonly mode?: FilterMode | undefined;
  readonly onMode?: ((mode: FilterMode) => void) | undefined;
  /** What else belongs at the end of the bar: the buttons to the previous and the next match. */
  readonly children?: ReactNode;
}

const modes = [
  { value: 'filter', label: 'Filter' },
  { value: 'find', label: 'Find' },
] as const;

/** From the dropdown's edge to its text, in pixels: what it says begins where its cause does. */
const inset = 13;

/** The line in which a filter is written: checked while one types, with completion, the last filters, and the count. */
export function FilterBar({ value, onApply, history, status, onCancel, mode, onMode, children }: FilterBarProps) {
  const id = useId();
  const field = useRef<HTMLDivElement>(null);
  const mirror = useRef<HTMLDivElement>(null);
  const bar = useFilterBar({ value, onApply, history });
  const { state } = bar;
  const { text, problem } = state;
  const items = itemsOf(state);
  const isOpen = bar.hasFocus && items.length > 0;
  const shownProblem = bar.hasFocus && state.words === 'shown' ? problem : undefined;
  const anchorAt = shownProblem?.from ?? (state.list === 'options' ? state.completion.from : 0);
  const follow = () => {
    const shift = -(bar.input.current?.scrollLeft ?? 0);
    if (mirror.current) mirror.current.style.transform = `translateX(${shift}px)`;
  };
  const cancel = () => {
    onCancel?.();
    // The button that had the focus is gone.
    bar.input.current?.focus();
  };
  return (
    <div role="search" aria-label="Filter records" className={styles.bar}>
      {mode && onMode ? (
        <Segmented label="What does not match" value={mode} options={modes} onChange={onMode} />
      ) : (
        <Funnel size={14} aria-hidden />
      )}
      <div ref={field} className={classes(styles.field, value !== '' && styles.applied)}>
        <div className={styles.written}>
          <input
            ref={bar.input}
            data-focus="filter"
            type="text"
            role="combobox"
            className={styles.input}
            aria-label="Filter"
            aria-autocomplete="list"
            aria-expanded={isOpen}
            aria-controls={isOpen ? `${id}-list` : undefined}
            aria-activedescendant={isOpen && state.active >= 0 ? itemId(`${id}-list`, state.active) : undefined}
            aria-invalid={problem && !isUnfinished(state) ? true : undefined}
            aria-describedby={shownProblem ? `${id}-problem` : undefined}
            placeholder={
              mode === 'find' ? 'Find: a word, or json.user.id == 42' : 'Filter: a word, or json.user.id == 42'
            }
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            value={text}
            onChange={({ target }) => bar.onType(target.value, target.selectionEnd ?? target.value.length)}
            onSelect={({ currentTarget }) => bar.onCaret(currentTarget.selectionEnd ?? 0)}
            onScroll={follow}
            onKeyDown={bar.onKey}
            onFocus={bar.onFocus}
            onBlur={bar.onBlur}
          />
          <div className={styles.glass} aria-hidden>
            <FilterMirror ref={mirror} text={text} problem={isUnfinished(state) ? undefined : problem} />
          </div>
        </div>
        {text.trim() !== value && !problem ? <kbd className={styles.hint}>↵ applies</kbd> : null}
        {text !== '' ? (
          <IconButton small label="Clear the filter" hint="Esc" onClick={bar.clear}>
            <X size={14} aria-hidden />
          </IconButton>
        ) : null}
        <IconButton
          small
          label="Filters used before"
          hint="↓"
          disabled={history.length === 0}
          onMouseDown={(event) => event.preventDefault()}
          onClick={bar.onRecall}
        >
          <History size={14} aria-hidden />
        </IconButton>
        <FilterHelp onTry={bar.onTry} />
      </div>
      {shownProblem || isOpen ? (
        <FilterDropdown anchor={field} offset={() => leftOf(mirror.current, field.current, anchorAt) - inset}>
          {shownProblem ? (
            <div id={`${id}-problem`} role="status" className={styles.problem}>
              <strong>{shownProblem.message}</strong> <span>{shownProblem.hint}</span>
            </div>
          ) : null}
          {isOpen ? (
            <FilterList
              id={`${id}-list`}
              label={state.list === 'history' ? 'Filters used before' : 'What can stand here'}
              items={items}
              active={state.active}
              onChoose={bar.onChoose}
            />
          ) : null}
        </FilterDropdown>
      ) : null}
      {status && value !== '' ? <FilterStatusText status={status} onCancel={onCancel && cancel} /> : null}
      {children}
    </div>
  );
}
