import { Funnel, History, X } from 'lucide-react';
import { type ReactNode, type RefObject, useId, useRef } from 'react';
import { IconButton } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { Segmented } from '../../ui/segmented.tsx';
import styles from './filter-bar.module.css';
import { FilterDropdown } from './filter-bar-dropdown.tsx';
import { FilterHelp } from './filter-bar-help.tsx';
import { FilterInput } from './filter-bar-input.tsx';
import { FilterList } from './filter-bar-list.tsx';
import { leftOf } from './filter-bar-mirror.tsx';
import { itemsOf, type SearchStatus } from './filter-bar-state.ts';
import { FilterStatusText } from './filter-bar-status.tsx';
import { strings } from './strings.ts';
import { type FilterBarControls, shownProblemOf, useFilterBar } from './use-filter-bar.ts';

type FilterMode = 'filter' | 'find';

export interface FilterBarProps {
  /** The applied filter; empty for none. */
  readonly value: string;
  /** Applies a valid filter, without white space around it; empty for none. */
  readonly onApply: (text: string) => void;
  /** Recent filters, the latest first. */
  readonly history: readonly string[];
  /** Progress of the search for the applied filter; undefined without a search. */
  readonly status?: SearchStatus | undefined;
  /** Stops the search in progress; without it the bar has no Stop button. */
  readonly onCancel?: (() => void) | undefined;
  /** Whether other records are hidden (`filter`) or matches marked (`find`); without `onMode` it cannot be changed. */
  readonly mode?: FilterMode | undefined;
  readonly onMode?: ((mode: FilterMode) => void) | undefined;
  /** Content at the end of the bar: the buttons for the previous and the next match. */
  readonly children?: ReactNode;
}

const texts = strings.filter;
const modes = [
  { value: 'filter', label: texts.filter },
  { value: 'find', label: texts.find },
] as const;

/** Distance from the edge of the dropdown to its text, in pixels: the text is aligned with the part it refers to. */
const inset = 13;

/** The filter field, with validation and completion while the user types, recent filters, and the number of matches. */
export function FilterBar({ value, onApply, history, status, onCancel, mode, onMode, children }: FilterBarProps) {
  const id = useId();
  const field = useRef<HTMLDivElement>(null);
  const mirror = useRef<HTMLDivElement>(null);
  const bar = useFilterBar({ value, onApply, history });
  const { text, problem } = bar.state;
  const cancel = () => {
    onCancel?.();
    // The Stop button, which had the focus, is removed.
    bar.input.current?.focus();
  };
  return (
    <div role="search" aria-label={texts.region} className={styles.bar}>
      {mode && onMode ? (
        <Segmented label={texts.mode} value={mode} options={modes} onChange={onMode} />
      ) : (
        <Funnel size={14} aria-hidden />
      )}
      <div ref={field} className={classes(styles.field, value !== '' && styles.applied)}>
        <FilterInput id={id} bar={bar} mirror={mirror} isFind={mode === 'find'} />
        {text.trim() !== value && !problem ? <kbd className={styles.hint}>{texts.apply}</kbd> : null}
        {text !== '' ? (
          <IconButton small label={texts.clear} hint="Esc" onClick={bar.clear}>
            <X size={14} aria-hidden />
          </IconButton>
        ) : null}
        <IconButton
          small
          label={texts.recent}
          hint="↓"
          disabled={history.length === 0}
          onMouseDown={(event) => event.preventDefault()}
          onClick={bar.onRecall}
        >
          <History size={14} aria-hidden />
        </IconButton>
        <FilterHelp onTry={bar.onTry} />
      </div>
      <Suggestions id={id} bar={bar} field={field} mirror={mirror} />
      {status && value !== '' ? <FilterStatusText status={status} onCancel={onCancel && cancel} /> : null}
      {children}
    </div>
  );
}

interface SuggestionsProps {
  readonly id: string;
  readonly bar: FilterBarControls;
  readonly field: RefObject<HTMLDivElement | null>;
  readonly mirror: RefObject<HTMLDivElement | null>;
}

/** The message of a problem, and the list of suggestions or recent filters. */
function Suggestions({ id, bar, field, mirror }: SuggestionsProps) {
  const { state } = bar;
  const items = itemsOf(state);
  const isOpen = bar.hasFocus && items.length > 0;
  const problem = shownProblemOf(bar);
  if (!problem && !isOpen) return null;
  const anchorAt = problem?.from ?? (state.list === 'options' ? state.completion.from : 0);
  return (
    <FilterDropdown anchor={field} offset={() => leftOf(mirror.current, field.current, anchorAt) - inset}>
      {problem ? (
        <div id={`${id}-problem`} role="status" className={styles.problem}>
          <strong>{problem.message}</strong> <span>{problem.hint}</span>
        </div>
      ) : null}
      {isOpen ? (
        <FilterList
          id={`${id}-list`}
          label={state.list === 'history' ? texts.recent : texts.suggestions}
          items={items}
          active={state.active}
          onSelectItem={bar.onSelectItem}
        />
      ) : null}
    </FilterDropdown>
  );
}
