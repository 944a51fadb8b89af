import type { RefObject } from 'react';
import styles from './filter-bar.module.css';
import { itemId } from './filter-bar-list.tsx';
import { FilterMirror } from './filter-bar-mirror.tsx';
import { isUnfinished, itemsOf } from './filter-bar-state.ts';
import { strings } from './strings.ts';
import { type FilterBarControls, shownProblemOf } from './use-filter-bar.ts';

interface FilterInputProps {
  /** Prefix of the ids of the list and of the message. */
  readonly id: string;
  readonly bar: FilterBarControls;
  readonly mirror: RefObject<HTMLDivElement | null>;
  readonly isFind: boolean;
}

/** The text field of the filter bar, with an error underlined. */
export function FilterInput({ id, bar, mirror, isFind }: FilterInputProps) {
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
