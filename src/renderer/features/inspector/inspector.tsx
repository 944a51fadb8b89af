import { FilePlus, Rows3, Search } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useId, useRef, useState } from 'react';
import { useStore } from 'zustand/react';
import { messageFlags } from '#shared/message/flags.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import { showDialog } from '../../state/dialogs.ts';
import { messageFlagWords } from '../../state/message-flag-words.ts';
import { saveRecord } from '../../state/payload-files.ts';
import type { Selection } from '../../state/selection.ts';
import { useServices, useSettings, useWorkspace } from '../../state/services.ts';
import { inspectorViews, setLayout } from '../../state/settings.ts';
import { IconButton } from '../../ui/button.tsx';
import { TabList } from '../../ui/choices.tsx';
import { Empty } from '../../ui/fallback.tsx';
import { momentText, shownText } from '../../ui/text.ts';
import { ChecksumLine } from './checksum-line.tsx';
import { FindBar, type Match, useFind } from './find-bar.tsx';
import styles from './inspector.module.css';
import { MarkButtons, NoteEditor } from './note-editor.tsx';
import { OtherEnd } from './other-end.tsx';
import { type ReadPart, readsText, useReads } from './record-data.ts';
import { type InspectorView, isMessage, RecordView } from './record-view.tsx';
import { strings } from './strings.ts';
import type { TreeFinder } from './tree-view.tsx';

const texts = strings.heading;

interface HeadingProps {
  readonly tab: string;
  readonly selection: Selection;
  readonly reads: readonly ReadPart[];
  /** Buttons for the record. */
  readonly children: ReactNode;
}

/** The number, length, reads, time and sockets of a record. */
function Heading({ tab, selection, reads, children }: HeadingProps) {
  const { row, info } = selection;
  const isMessage = row.kind === 'in' || row.kind === 'out';
  return (
    <div className={styles.heading}>
      <div className={styles.title}>
        <span className={styles.record}>{texts.number(row.seq)}</span>
        <span>
          {row.kind === 'in' ? texts.received(row.length) : row.kind === 'out' ? texts.sent(row.length) : row.kind}
        </span>
        {children}
      </div>
      {isMessage && (info?.transport === 'ws' || info?.transport === 'wss') ? (
        <span title={texts.webSocketType}>
          {(row.flags & messageFlags.text) !== 0 ? texts.textMessage : texts.binaryMessage}
        </span>
      ) : null}
      {row.kind === 'in' && info?.transport === 'udp' ? <span title={texts.datagramHelp}>{texts.datagram}</span> : null}
      {row.kind === 'in' && info?.framing === 'raw' && !abilitiesOf(info.transport).messageOriented ? (
        <span title={texts.rawHelp}>{texts.raw}</span>
      ) : null}
      {isMessage
        ? messageFlagWords(row.flags).map(({ word, title }) => (
            <span key={word} title={title}>
              {word}
            </span>
          ))
        : null}
      <ChecksumLine selection={selection} />
      {isMessage ? <span title={texts.offsetHelp}>{texts.offset(row.offset)}</span> : null}
      {reads.length > 0 ? (
        <span className={styles.reads} title={texts.readsHelp}>
          {readsText(reads)}
        </span>
      ) : null}
      <span className={styles.when}>{momentText(row.at)}</span>
      {info ? <span className={styles.peer}>{shownText(`${info.name} ${info.peer || info.local}`)}</span> : null}
      <OtherEnd tab={tab} selection={selection} />
    </div>
  );
}

/** Larger messages are not shown completely as text: their matches are shown in hex. */
const maxText = 4 * 1_048_576;

interface FindBarUse {
  readonly selection: Selection | undefined;
  readonly view: InspectorView;
  readonly onShow: (view: InspectorView) => void;
  readonly pane: RefObject<HTMLElement | null>;
  readonly tree: RefObject<TreeFinder | null>;
}

/** The state of the inspector's find bar, and its link to the views: the tree is searched in the page, bytes in the engine. */
function useFindBar({ selection, view, onShow, pane, tree }: FindBarUse) {
  const find = useFind(selection);
  const focusBefore = useRef<Element>(null);
  const [opened, setOpened] = useState(0);
  const length = selection?.row.length ?? 0;
  useShownMatch(find.match, { view, length, onShow });

  const open = () => {
    if (opened === 0) focusBefore.current = document.activeElement;
    setOpened((times) => times + 1);
  };
  const close = () => {
    setOpened(0);
    // The element that had the focus may be gone, because matches can be shown in another view.
    const target = focusBefore.current?.isConnected
      ? focusBefore.current
      : pane.current?.querySelector('[tabindex="0"]');
    if (target instanceof HTMLElement) target.focus();
  };
  const findNext = async (backward: boolean) => {
    const isInTree = view === 'pretty' && find.kind === 'text' && find.text !== '';
    const status = isInTree ? tree.current?.find(find.text, backward) : undefined;
    if (status === undefined) await find.find(backward);
    else find.showStatus(status);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const isFind =
      event.key.toLowerCase() === 'f' && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
    if (!isFind || !isMessage(selection)) return;
    event.preventDefault();
    open();
  };
  return { find: { ...find, find: findNext }, opened, open, close, onKeyDown };
}

/** Switches to a view that can show `match`, once per match: the user may then select another view. */
function useShownMatch(
  match: Match | undefined,
  { view, length, onShow }: Pick<FindBarUse, 'view' | 'onShow'> & { readonly length: number },
): void {
  const shownMatch = useRef<Match>(undefined);
  useEffect(() => {
    if (match === shownMatch.current) return;
    shownMatch.current = match;
    const canShow = view === 'hex' || (view === 'text' && length <= maxText);
    if (match && !canShow) onShow(length <= maxText ? 'text' : 'hex');
  });
}

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
          <div className={styles.tools}>
            <LensButton selection={selection} />
            <SaveButton selection={selection} />
            <IconButton small label={strings.find.label} hint={strings.find.hint} onClick={bar.open}>
              <Search size={14} aria-hidden />
            </IconButton>
          </div>
        ) : null}
      </div>
      {selection ? <Head tab={tab} selection={selection} reads={reads} /> : null}
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

/** Saves the bytes of a message, without its framing, as a payload of the workspace. */
function SaveButton({ selection }: { readonly selection: Selection | undefined }) {
  const services = useServices();
  const hasWorkspace = useWorkspace(({ view }) => view !== undefined);
  if (!selection || !hasWorkspace) return null;
  return (
    <IconButton small label={strings.savePayload} onClick={() => void saveRecord(services, selection)}>
      <FilePlus size={14} aria-hidden />
    </IconButton>
  );
}

/** Opens the reads and the messages of the flow of a record; a transport with messages has none to tell apart. */
function LensButton({ selection }: { readonly selection: Selection | undefined }) {
  const { dialogs } = useServices();
  const { row, info, session } = selection ?? {};
  if (!row || !info || session === undefined || abilitiesOf(info.transport).messageOriented) return null;
  const { socket, seq, kind } = row;
  const direction = kind === 'out' ? 'out' : 'in';
  const open = () => showDialog(dialogs, { kind: 'lens', session, socket, direction, seq, framing: info.framing });
  return (
    <IconButton small label={strings.lens} onClick={open}>
      <Rows3 size={14} aria-hidden />
    </IconButton>
  );
}

/** The heading of a record, and its note. */
function Head({ tab, selection, reads }: Omit<HeadingProps, 'children'>) {
  const record = `${selection.session} ${selection.row.seq}`;
  const [noteOf, setNoteOf] = useState('');
  const isEditing = noteOf === record;
  return (
    <>
      <Heading tab={tab} selection={selection} reads={reads}>
        <MarkButtons selection={selection} isEditing={isEditing} onEdit={() => setNoteOf(record)} />
      </Heading>
      {selection.row.mark?.note || isEditing ? (
        <NoteEditor key={record} selection={selection} isNew={isEditing} onDone={() => setNoteOf('')} />
      ) : null}
    </>
  );
}
