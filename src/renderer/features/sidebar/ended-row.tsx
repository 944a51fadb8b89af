import { ChevronDown, ChevronRight } from 'lucide-react';
import { clearEnded } from '../../client/endpoint-commands.ts';
import { labelOf } from '../../client/endpoint-title.ts';
import { useServices } from '../../client/use-services.ts';
import { Button } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import styles from './sidebar.module.css';
import type { SidebarRowData } from './sidebar-rows.ts';
import { strings } from './strings.ts';

const { ended: words } = strings;

interface EndedRowProps {
  readonly row: SidebarRowData & { kind: 'ended' };
  readonly onToggle: (endpoint: string) => void;
  readonly onClear: (endpoint: string) => void;
}

/** The number of disconnected peers that are not listed, with buttons to list and to remove them. */
export function EndedRow({ row: { view, count, unfolded }, onToggle, onClear }: EndedRowProps) {
  const services = useServices();
  const label = labelOf(view);
  return (
    <div className={classes(styles.row, styles.ended)}>
      <button
        type="button"
        className={styles.name}
        aria-expanded={unfolded}
        aria-label={words.countOf(count, label)}
        title={words.help}
        onClick={() => onToggle(view.id)}
      >
        {unfolded ? <ChevronDown size={12} aria-hidden /> : <ChevronRight size={12} aria-hidden />}
        <span>{words.count(count)}</span>
      </button>
      <Button
        small
        variant="ghost"
        aria-label={words.removeOf(label)}
        title={words.removeHelp}
        onClick={(event) => {
          // This button disappears: keep the focus in the side bar.
          event.currentTarget.closest('nav')?.focus();
          onClear(view.id);
          void clearEnded(services, view.id);
        }}
      >
        {words.remove}
      </Button>
    </div>
  );
}
