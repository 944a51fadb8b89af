import { ChevronDown, ChevronRight } from 'lucide-react';
import { keptClosed } from '#shared/contract/limits.ts';
import { clearEnded } from '../../client/endpoint-commands.ts';
import { labelOf } from '../../client/endpoint-title.ts';
import { useServices } from '../../client/use-services.ts';
import { Button } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { countText } from '../../ui/figures.ts';
import styles from './sidebar.module.css';
import type { SidebarRowData } from './sidebar-rows.ts';

interface EndedRowProps {
  readonly row: SidebarRowData & { kind: 'ended' };
  readonly onToggle: (endpoint: string) => void;
  readonly onClear: (endpoint: string) => void;
}

/** The peers that ended before those in sight: how many, and what to do with them. */
export function EndedRow({ row: { view, count, unfolded }, onToggle, onClear }: EndedRowProps) {
  const services = useServices();
  const label = labelOf(view);
  return (
    <div className={classes(styles.row, styles.ended)}>
      <button
        type="button"
        className={styles.name}
        aria-expanded={unfolded}
        aria-label={`${countText(count)} more ended peers of ${label}`}
        title={`Listed are the last ${keptClosed} that have ended. The records have all of them.`}
        onClick={() => onToggle(view.id)}
      >
        {unfolded ? <ChevronDown size={12} aria-hidden /> : <ChevronRight size={12} aria-hidden />}
        <span>{countText(count)} more ended</span>
      </button>
      <Button
        small
        variant="ghost"
        aria-label={`Clear ended peers of ${label}`}
        title="List them no longer. Their records stay."
        onClick={(event) => {
          // This button goes: the next Tab begins in the side bar, not at the top of the window.
          event.currentTarget.closest('nav')?.focus();
          onClear(view.id);
          void clearEnded(services, view.id);
        }}
      >
        Clear
      </Button>
    </div>
  );
}
