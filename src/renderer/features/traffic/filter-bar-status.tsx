import { CircleX } from 'lucide-react';
import { IconButton } from '../../ui/button.tsx';
import { countText } from '../../ui/figures.ts';
import styles from './filter-bar.module.css';
import { isSearching, type SearchStatus } from './filter-bar-state.ts';
import { strings } from './strings.ts';

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
