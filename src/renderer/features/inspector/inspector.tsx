import { Search } from 'lucide-react';
import { useId, useRef, useState } from 'react';
import { useStore } from 'zustand/react';
import type { Selection } from '../../client/selection-store.ts';
import { inspectorViews, setLayout } from '../../client/settings-store.ts';
import { useServices, useSettings } from '../../client/use-services.ts';
import { IconButton } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { TabList } from '../../ui/tab-list.tsx';
import { FindBar } from './find-bar.tsx';
import { Heading } from './heading.tsx';
import styles from './inspector.module.css';
import { MarkButtons, NoteEditor } from './note-editor.tsx';
import type { ReadPart } from './reads.ts';
import { type InspectorView, isMessage, RecordView } from './record-view.tsx';
import { strings } from './strings.ts';
import type { TreeFinder } from './tree-view.tsx';
import { useFindBar } from './use-find-bar.ts';
import { useReads } from './use-reads.ts';

const views = inspectorViews.map((id) => ({ id, label: strings[id] }));

/** The selected record in four views. A view never changes the bytes. */
export function Inspector({ tab }: { readonly tab: string }) {
  const { selection: store, settings } = useServices();
  const selection = useStore(store, (state) => state.byTab[tab]);
  const index = useSettings((state) => state.layout['inspector.view']);
  const view = inspectorViews[typeof index === 'number' ? index : 0] ?? 'pretty';
  const panel = useId();
  const pane = useRef<HTMLElement>(null);
  const tree = useRef<TreeFinder>(null);
  const reads = useReads(selection);
  const show = (id: InspectorView) => setLayout(settings, 'inspector.view', inspectorViews.indexOf(id));
  const bar = useFindBar({ selection, view, onShow: show, pane, tree });
  const isOpen = bar.opened > 0;
  const hasPayload = isMessage(selection);
  return (
    <section
      ref={pane}
      className={styles.inspector}
      aria-label={strings.label}
      data-own-keys={hasPayload ? 'Mod+F' : undefined}
      onKeyDown={bar.onKeyDown}
    >
      <div className={styles.tabs}>
        <TabList label={strings.views} tabs={views} active={view} panel={panel} onSelect={show} />
        {hasPayload ? (
          <IconButton small label={strings.find.label} hint={strings.find.hint} onClick={bar.open}>
            <Search size={14} aria-hidden />
          </IconButton>
        ) : null}
      </div>
      {selection ? <Head selection={selection} reads={reads} /> : null}
      {hasPayload && isOpen ? <FindBar find={bar.find} opened={bar.opened} onClose={bar.close} /> : null}
      <div id={panel} role="tabpanel" aria-label={strings[view]} className={styles.panel}>
        {selection ? (
          <RecordView
            view={view}
            tab={tab}
            selection={selection}
            match={isOpen ? bar.find.match : undefined}
            reads={reads}
            finder={tree}
            needle={isOpen && bar.find.kind === 'text' ? bar.find.text : ''}
          />
        ) : (
          <Empty title={strings.noSelection}>
            <p>{strings.noSelectionHelp}</p>
          </Empty>
        )}
      </div>
    </section>
  );
}

/** The heading of a record, and its note. */
function Head({ selection, reads }: { readonly selection: Selection; readonly reads: readonly ReadPart[] }) {
  const record = `${selection.session} ${selection.row.seq}`;
  const [noteOf, setNoteOf] = useState('');
  const isEditing = noteOf === record;
  return (
    <>
      <Heading selection={selection} reads={reads}>
        <MarkButtons selection={selection} isEditing={isEditing} onEdit={() => setNoteOf(record)} />
      </Heading>
      {selection.row.mark?.note || isEditing ? (
        <NoteEditor key={record} selection={selection} isNew={isEditing} onDone={() => setNoteOf('')} />
      ) : null}
    </>
  );
}
