import { Funnel, History, X } from 'lucide-react';
import { type ReactNode, type Ref, type RefObject, useId, useRef } from 'react';
import type { FilterProblem } from '#shared/filter/ast.ts';
import { IconButton } from '../../ui/button.tsx';
import { Segmented } from '../../ui/choices.tsx';
import { classes } from '../../ui/text.ts';
import styles from './filter-bar.module.css';
import { FilterDropdown, FilterHelp, FilterList, FilterStatusText, itemId } from './filter-bar-parts.tsx';
import { isUnfinished, itemsOf, markedPieces, type SearchStatus } from './filter-bar-state.ts';
import { strings } from './strings.ts';
import { type FilterBarControls, shownProblemOf, useFilterBar } from './use-filter-bar.ts';

interface FilterMirrorProps {
  readonly ref: Ref<HTMLDivElement>;
  readonly text: string;
  readonly problem: FilterProblem | undefined;
}

/** An invisible copy of the text over the input, to underline an error and to measure positions. */
function FilterMirror({ ref, text, problem }: FilterMirrorProps) {
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
function leftOf(mirror: HTMLElement | null, field: HTMLElement | null, at: number): number {
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

interface FilterInputProps {
  /** Prefix of the ids of the list and of the message. */
  readonly id: string;
  readonly bar: FilterBarControls;
  readonly mirror: RefObject<HTMLDivElement | null>;
  readonly isFind: boolean;
}

/** The text field of the filter bar, with an error underlined. */
function FilterInput({ id, bar, mirror, isFind }: FilterInputProps) {
  const { state } = bar;
  const isOpen = bar.hasFocus && itemsOf(state).length > 0;
  const marked = isUnfinished(state) ? undefined : state.problem;
  const alignMirror = () => {
    const shift = -(bar.input.current?.scrollLeft ?? 0);
    if (mirror.current) mirror.current.style.transform = `translateX(${shift}px)`;
  };
  return (
    <div className={styles.written}>
      <input
        ref={bar.input}
        data-focus="filter"
        type="text"
        role="combobox"
        className={styles.input}
        aria-label={strings.filter.field}
        aria-autocomplete="list"
        aria-expanded={isOpen}
        aria-controls={isOpen ? `${id}-list` : undefined}
        aria-activedescendant={isOpen && state.active >= 0 ? itemId(`${id}-list`, state.active) : undefined}
        aria-invalid={marked ? true : undefined}
        aria-describedby={shownProblemOf(bar) ? `${id}-problem` : undefined}
        placeholder={isFind ? strings.filter.findPlaceholder : strings.filter.filterPlaceholder}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        value={state.text}
        onChange={({ target }) => bar.onType(target.value, target.selectionEnd ?? target.value.length)}
        onSelect={({ currentTarget }) => bar.onCaret(currentTarget.selectionEnd ?? 0)}
        onScroll={alignMirror}
        onKeyDown={bar.onKey}
        onFocus={bar.onFocus}
        onBlur={bar.onBlur}
      />
      <div className={styles.glass} aria-hidden>
        <FilterMirror ref={mirror} text={state.text} problem={marked} />
      </div>
    </div>
  );
}

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
