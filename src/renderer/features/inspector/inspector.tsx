import { useId } from 'react';
import { useStore } from 'zustand/react';
import type { Selection } from '../../client/selection-store.ts';
import { inspectorViews, setLayout } from '../../client/settings-store.ts';
import { useServices, useSettings } from '../../client/use-services.ts';
import { Empty } from '../../ui/empty.tsx';
import { countOf, countText, momentText } from '../../ui/figures.ts';
import { TabList } from '../../ui/tab-list.tsx';
import { CallsView } from './calls-view.tsx';
import { HexView } from './hex-view.tsx';
import styles from './inspector.module.css';
import { PrettyView } from './pretty-view.tsx';
import { TextView } from './text-view.tsx';

const labels = { pretty: 'Pretty', text: 'Text', hex: 'Hex', calls: 'Calls' } as const;
const views = inspectorViews.map((id) => ({ id, label: labels[id] }));
type View = (typeof views)[number];
const firstView: View = { id: 'pretty', label: labels.pretty };

/** One record in four views. A view never changes the bytes. */
export function Inspector({ tab }: { readonly tab: string }) {
  const { selection: store, settings } = useServices();
  const selection = useStore(store, (state) => state.byTab[tab]);
  const index = useSettings((state) => state.layout['inspector.view']);
  const chosen = views[typeof index === 'number' ? index : 0] ?? firstView;
  const panel = useId();
  return (
    <section className={styles.inspector} aria-label="Inspector">
      <div className={styles.tabs}>
        <TabList
          label="Views of the record"
          tabs={views}
          active={chosen.id}
          panel={panel}
          onSelect={(id) =>
            setLayout(
              settings,
              'inspector.view',
              views.findIndex((view) => view.id === id),
            )
          }
        />
      </div>
      {selection ? <Heading selection={selection} /> : null}
      <div id={panel} role="tabpanel" aria-label={chosen.label} className={styles.panel}>
        {selection ? (
          <RecordView view={chosen.id} tab={tab} selection={selection} />
        ) : (
          <Empty title="No record is chosen">
            <p>
              Choose a row of the traffic: its bytes appear here as a tree, as text and in hex, with the calls behind
              it.
            </p>
          </Empty>
        )}
      </div>
    </section>
  );
}

function Heading({ selection: { row, info } }: { readonly selection: Selection }) {
  const isMessage = row.kind === 'in' || row.kind === 'out';
  return (
    <div className={styles.heading}>
      <span className={styles.record}>#{countText(row.seq)}</span>
      <span>{isMessage ? `${row.kind === 'in' ? 'received' : 'sent'}, ${countOf(row.length, 'byte')}` : row.kind}</span>
      {row.kind === 'in' && info?.framing === 'raw' ? (
        <span title="What one recv() gave. TCP keeps no borders between messages: the peer may have sent this in several pieces, or as part of more.">
          one read
        </span>
      ) : null}
      {isMessage ? <span title="Where the message begins in the stream">offset {countText(row.offset)}</span> : null}
      <span className={styles.when}>{momentText(row.at)}</span>
      {info ? <span className={styles.peer}>{`${info.name} ${info.peer || info.local}`}</span> : null}
    </div>
  );
}

interface ViewProps {
  readonly view: View['id'];
  readonly tab: string;
  readonly selection: Selection;
}

function RecordView({ view, tab, selection }: ViewProps) {
  const { row } = selection;
  const isMessage = row.kind === 'in' || row.kind === 'out';
  if (view === 'calls') return <CallsView selection={selection} />;
  if (!isMessage) {
    return (
      <div className={styles.event}>
        <p className={styles.sentence}>{row.preview}</p>
        <p>An event carries no bytes. The calls behind it are under Calls.</p>
      </div>
    );
  }
  // A new record starts at its beginning: nothing of the one before is kept.
  const key = `${selection.session} ${row.seq}`;
  if (view === 'pretty') return <PrettyView key={key} tab={tab} selection={selection} />;
  return view === 'text' ? <TextView key={key} selection={selection} /> : <HexView key={key} selection={selection} />;
}
