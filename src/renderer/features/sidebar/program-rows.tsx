import { SquareTerminal } from 'lucide-react';
import { useStore } from 'zustand/react';
import type { ProgramView } from '#shared/contract/models.ts';
import { showFailure } from '../../state/notices.ts';
import { type Services, useServices } from '../../state/services.ts';
import { showProgram } from '../../state/sessions.ts';
import { activeTab } from '../../state/tabs.ts';
import { Button, CopyButton } from '../../ui/button.tsx';
import { classes, shownText } from '../../ui/text.ts';
import styles from './sidebar.module.css';
import { strings } from './strings.ts';

const { programs: words } = strings;

/** A row of the section of traced programs, as high as the other rows of the side bar. */
type ProgramRowData =
  | { readonly kind: 'program-heading'; readonly hasEnded: boolean }
  /** There is no program: shows how to trace one. */
  | { readonly kind: 'program-help' }
  | { readonly kind: 'program'; readonly view: ProgramView };

/** Returns the rows of the programs: running ones first, each in the order in which they started. */
export function programRows(programs: ReadonlyMap<string, ProgramView>): ProgramRowData[] {
  const views = [...programs.values()];
  const of = (state: ProgramView['state']) =>
    views.filter((view) => view.state === state).map((view) => ({ kind: 'program', view }) as const);
  const ended = of('ended');
  const rows: ProgramRowData[] = [{ kind: 'program-heading', hasEnded: ended.length > 0 }, ...of('running'), ...ended];
  return views.length === 0 ? [...rows, { kind: 'program-help' }] : rows;
}

/** Returns true for a row of a program. */
export function isProgramRow(row: { readonly kind: string }): row is ProgramRowData {
  return row.kind.startsWith('program');
}

/** A row of the section of traced programs. The page cannot start a program: it shows the command. */
export function ProgramRow({ row }: { readonly row: ProgramRowData }) {
  const services = useServices();
  switch (row.kind) {
    case 'program-heading':
      return (
        <div className={styles.heading} title={words.help}>
          <h2 className={styles.title}>{words.title}</h2>
          {row.hasEnded ? (
            <Button
              small
              variant="ghost"
              title={words.clearHelp}
              onClick={(event) => {
                // This button disappears: keep the focus in the side bar.
                event.currentTarget.closest('nav')?.focus();
                void clearPrograms(services);
              }}
            >
              {words.clear}
            </Button>
          ) : null}
        </div>
      );
    case 'program-help':
      return (
        <div className={styles.none} title={words.help}>
          <code className={styles.command}>{words.command}</code>
          <CopyButton label={words.copy} text={words.command} />
        </div>
      );
    case 'program':
      return <TracedRow view={row.view} />;
  }
}

async function clearPrograms({ client, notices }: Services): Promise<void> {
  const cleared = await client.call('programs.clear', {});
  if (!cleared.ok) showFailure(notices, cleared.error);
}

/** A program, with the number of its sockets or the call in which it waits. */
function TracedRow({ view }: { readonly view: ProgramView }) {
  const services = useServices();
  const isActive = useStore(services.tabs, (state) => {
    const tab = activeTab(state);
    return tab?.kind === 'program' && tab.program === view.id;
  });
  const state = stateOf(view);
  const name = shownText(view.name);
  return (
    <div className={classes(styles.row, isActive && styles.active, view.state === 'ended' && styles.over)}>
      <span className={styles.twist} />
      <button
        type="button"
        className={styles.name}
        title={`${shownText(view.command.join(' '))}\n${name}: ${state}`}
        onClick={() => showProgram(services, view)}
      >
        <SquareTerminal size={12} aria-hidden className={styles.icon} />
        <span className={styles.text}>{name}</span>
        <span className={styles.state}>{state}</span>
      </button>
    </div>
  );
}

function stateOf({ state, sockets, waitsIn }: ProgramView): string {
  if (state === 'ended') return words.ended;
  return waitsIn === '' ? words.sockets(sockets) : words.waitsIn(shownText(waitsIn));
}
