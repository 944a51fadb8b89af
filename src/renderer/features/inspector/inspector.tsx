import { Search } from 'lucide-react';
import { type KeyboardEvent, type Ref, useEffect, useId, useRef, useState } from 'react';
import { useStore } from 'zustand/react';
import { shortText } from '#shared/bytes/clusters.ts';
import type { Selection } from '../../client/selection-store.ts';
import { inspectorViews, setLayout } from '../../client/settings-store.ts';
import { useServices, useSettings } from '../../client/use-services.ts';
import { IconButton } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { SecurityFacts } from '../../ui/security-facts.tsx';
import { TabList } from '../../ui/tab-list.tsx';
import { CallsView } from './calls-view.tsx';
import { FindBar } from './find-bar.tsx';
import { HandshakeView } from './handshake-view.tsx';
import { Heading } from './heading.tsx';
import { HexView } from './hex-view.tsx';
import styles from './inspector.module.css';
import { MarkButtons, NoteEditor } from './note-editor.tsx';
import { PrettyView } from './pretty-view.tsx';
import type { ReadPart } from './reads.ts';
import { TextView } from './text-view.tsx';
import type { TreeFinder } from './tree-view.tsx';
import { type Match, useFind } from './use-find.ts';
import { useHandshake } from './use-handshake.ts';
import { useReads } from './use-reads.ts';

const labels = { pretty: 'Pretty', text: 'Text', hex: 'Hex', calls: 'Calls' } as const;
const views = inspectorViews.map((id) => ({ id, label: labels[id] }));
type View = (typeof views)[number];
const firstView: View = { id: 'pretty', label: labels.pretty };

/** An event quotes what a peer sent: a reason, a certificate. */
const maxEventText = 4_096;

/** Larger messages are not shown whole as text; what is found in them is shown in hex. */
const maxText = 4 * 1_048_576;

/** One record in four views. A view never changes the bytes. */
export function Inspector({ tab }: { readonly tab: string }) {
  const { selection: store, settings } = useServices();
  const selection = useStore(store, (state) => state.byTab[tab]);
  const index = useSettings((state) => state.layout['inspector.view']);
  const chosen = views[typeof index === 'number' ? index : 0] ?? firstView;
  const panel = useId();
  const pane = useRef<HTMLElement>(null);
  const askedFrom = useRef<Element>(null);
  const record = selection ? `${selection.session} ${selection.row.seq}` : '';
  const [noteAt, setNoteAt] = useState('');
  const [asked, setAsked] = useState(0);
  const reads = useReads(selection);
  const find = useFind(selection);
  const tree = useRef<TreeFinder>(null);
  const isMessage = selection?.row.kind === 'in' || selection?.row.kind === 'out';
  const show = (id: View['id']) => setLayout(settings, 'inspector.view', inspectorViews.indexOf(id));

  // Bytes that are found are shown where they can be seen: a tree and the calls have no place for them. Once: another view may
  // be chosen then.
  const { match } = find;
  const shownMatch = useRef<Match>(undefined);
  const length = selection?.row.length ?? 0;
  const hasPlace = chosen.id === 'hex' || (chosen.id === 'text' && length <= maxText);
  useEffect(() => {
    if (match === shownMatch.current) return;
    shownMatch.current = match;
    if (match && !hasPlace) {
      setLayout(settings, 'inspector.view', inspectorViews.indexOf(length <= maxText ? 'text' : 'hex'));
    }
  }, [match, hasPlace, length, settings]);

  const onKeyDown = (event: KeyboardEvent) => {
    const isFind =
      event.key.toLowerCase() === 'f' && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
    if (!isFind || !isMessage) return;
    event.preventDefault();
    askToFind();
  };
  const askToFind = () => {
    if (asked === 0) askedFrom.current = document.activeElement;
    setAsked((times) => times + 1);
  };
  // A tree has places of its own; bytes are found where bytes are shown.
  const findNext = async (backward: boolean) => {
    const isText = chosen.id === 'pretty' && find.kind === 'text' && find.text !== '';
    const said = isText ? tree.current?.find(find.text, backward) : undefined;
    if (said === undefined) await find.find(backward);
    else find.say(said);
  };
  const closeFind = () => {
    setAsked(0);
    // What had the focus may be gone, since what is found is shown in another view.
    const known = askedFrom.current?.isConnected ? askedFrom.current : pane.current?.querySelector('[tabindex="0"]');
    if (known instanceof HTMLElement) known.focus();
  };

  return (
    <section
      ref={pane}
      className={styles.inspector}
      aria-label="Inspector"
      data-own-keys={isMessage ? 'Mod+F' : undefined}
      onKeyDown={onKeyDown}
    >
      <div className={styles.tabs}>
        <TabList label="Views of the record" tabs={views} active={chosen.id} panel={panel} onSelect={show} />
        {isMessage ? (
          <IconButton small label="Find in the message" hint="Ctrl+F here" onClick={askToFind}>
            <Search size={14} aria-hidden />
          </IconButton>
        ) : null}
      </div>
      {selection ? (
        <>
          <Heading selection={selection} reads={reads}>
            <MarkButtons selection={selection} isEditing={noteAt === record} onEdit={() => setNoteAt(record)} />
          </Heading>
          {selection.row.mark?.note || noteAt === record ? (
            <NoteEditor key={record} selection={selection} isNew={noteAt === record} onDone={() => setNoteAt('')} />
          ) : null}
        </>
      ) : null}
      {isMessage && asked > 0 ? <FindBar find={{ ...find, find: findNext }} asked={asked} onClose={closeFind} /> : null}
      <div id={panel} role="tabpanel" aria-label={chosen.label} className={styles.panel}>
        {selection ? (
          <RecordView
            view={chosen.id}
            tab={tab}
            selection={selection}
            match={asked > 0 ? match : undefined}
            reads={reads}
            finder={tree}
            needle={asked > 0 && find.kind === 'text' ? find.text : ''}
          />
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

interface ViewProps {
  readonly view: View['id'];
  readonly tab: string;
  readonly selection: Selection;
  /** What was found in the message. */
  readonly match: Match | undefined;
  readonly reads: readonly ReadPart[];
  readonly finder: Ref<TreeFinder>;
  /** The text that is looked for; empty where none is. */
  readonly needle: string;
}

function RecordView({ view, tab, selection, match, reads, finder, needle }: ViewProps) {
  const { row } = selection;
  const handshake = useHandshake(selection);
  const isMessage = row.kind === 'in' || row.kind === 'out';
  if (view === 'calls') return <CallsView selection={selection} reads={reads} />;
  if (!isMessage) {
    return (
      <div className={styles.event}>
        <p className={styles.sentence}>{shortText(row.preview, maxEventText)}</p>
        {row.event?.kind === 'secured' ? <SecurityFacts event={row.event} /> : null}
        {handshake.length > 0 ? (
          <HandshakeView messages={handshake} />
        ) : (
          <p>An event carries no bytes. The calls behind it are under Calls.</p>
        )}
      </div>
    );
  }
  // A new record starts at its beginning: nothing of the one before is kept.
  const key = `${selection.session} ${row.seq}`;
  if (view === 'pretty') {
    return <PrettyView key={key} tab={tab} selection={selection} finder={finder} needle={needle} />;
  }
  if (view === 'text') return <TextView key={key} selection={selection} match={match} />;
  return <HexView key={key} selection={selection} match={match} reads={reads} />;
}
