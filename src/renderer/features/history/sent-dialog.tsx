import {
  type ComponentType,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useStore } from 'zustand/react';
import type { SessionView } from '#shared/contract/models.ts';
import { closeDialog } from '../../state/dialogs.ts';
import { useServices } from '../../state/services.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Empty, FailureBox } from '../../ui/fallback.tsx';
import { CheckField, TextField } from '../../ui/field.tsx';
import { Comparison, type DiffProps } from './comparison.tsx';
import styles from './history.module.css';
import { type ComposerCalls, type Note, type SentActions, useSentActions } from './sent-actions.ts';
import { SentHistory, type SentScope } from './sent-history.ts';
import { noSelection, SentList, type SentSelection } from './sent-list.tsx';
import { indexOfRecord, maxSearch, type SentMessage } from './sent-messages.ts';
import { strings } from './strings.ts';

interface SentDialogProps {
  readonly session: SessionView;
  /** Undefined where nothing can be sent: in the tab of an opened session. */
  readonly composer: ComposerCalls | undefined;
  /** The editor of differences. */
  readonly Diff: ComponentType<DiffProps>;
}

/** The last messages that were sent in a session: to search, to send again, to use as a payload, and to compare. */
export function SentDialog({ session, composer, Diff }: SentDialogProps) {
  const { client, dialogs } = useServices();
  const history = useMemo(() => new SentHistory(client, session.id), [client, session.id]);
  useEffect(() => () => history.close(), [history]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a record more may be a message that was sent
  useEffect(() => void history.look(), [history, session.total]);
  const messages = useStore(history.store, (state) => state.messages ?? none);
  const [scope, setScope] = useState<SentScope>({ search: '', endpoint: composer?.endpoint });
  useEffect(() => void history.show(scope), [history, scope]);
  const [selection, setSelection] = useState<SentSelection>(noSelection);
  const chosen = selection.selected.flatMap((seq) => messages[indexOfRecord(messages, seq)] ?? []);
  const act = useSentActions(session.id, composer, chosen);
  const list = useListFocus(act.compared !== undefined);
  const close = () => closeDialog(dialogs);
  const enterList = () => {
    const seq = messages[0]?.row.seq;
    if (seq !== undefined && selection.cursor === undefined) setSelection({ cursor: seq, selected: [seq] });
    list.current?.focus();
  };
  return (
    <Dialog
      title={strings.title}
      className={styles.dialog}
      onClose={close}
      onEscape={act.compared && act.endComparison}
      actions={
        <>
          <SentButtons act={act} canCompose={composer !== undefined} />
          <Button onClick={close}>{strings.close}</Button>
        </>
      }
    >
      <div className={styles.content}>
        {act.compared ? (
          <Comparison compared={act.compared} Diff={Diff} />
        ) : (
          <>
            <SearchBar {...{ history, scope, endpoint: composer?.endpoint }} onChange={setScope} onEnter={enterList} />
            <Content history={history} empty={<NoMessages session={session} scope={scope} />}>
              <SentList
                {...{ ref: list, session: session.id, messages, selection }}
                onSelect={setSelection}
                onEnter={() => act.sendAgain?.()}
              />
            </Content>
          </>
        )}
        <Status note={act.note} keys={act.compared ? '' : composer ? strings.keys : strings.keysStored} />
      </div>
    </Dialog>
  );
}

const none: readonly SentMessage[] = [];

/** Returns the reference to the list, which gets the focus when it is shown again after a comparison. */
function useListFocus(isComparing: boolean): RefObject<HTMLDivElement | null> {
  const list = useRef<HTMLDivElement>(null);
  const wasComparing = useRef(false);
  useEffect(() => {
    if (wasComparing.current && !isComparing) list.current?.focus();
    wasComparing.current = isComparing;
  }, [isComparing]);
  return list;
}

interface SearchBarProps {
  readonly history: SentHistory;
  readonly scope: SentScope;
  /** The endpoint to which the list can be limited. */
  readonly endpoint: string | undefined;
  readonly onChange: (scope: SentScope) => void;
  /** Called when the focus should move to the list. */
  readonly onEnter: () => void;
}

/** The search, its result as a number, and the button for messages that were sent meanwhile. */
function SearchBar({ history, scope, endpoint, onChange, onEnter }: SearchBarProps) {
  const { messages, matched, newer, search } = useStore(history.store);
  const shown = messages?.reduce((sum, { count }) => sum + count, 0) ?? 0;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowDown' && event.key !== 'Enter') return;
    event.preventDefault();
    onEnter();
  };
  const percent = search ? Math.floor((100 * search.scanned) / Math.max(1, search.total)) : 0;
  return (
    <div className={styles.bar}>
      <TextField
        className={styles.search}
        label={strings.search}
        hideLabel
        placeholder={strings.searchHelp}
        autoFocus
        value={scope.search}
        maxLength={maxSearch}
        onChange={(text) => onChange({ ...scope, search: text })}
        onKeyDown={onKeyDown}
      />
      {endpoint === undefined ? null : (
        <CheckField
          label={strings.allEndpoints}
          checked={scope.endpoint === undefined}
          onChange={(isAll) => onChange({ ...scope, endpoint: isAll ? undefined : endpoint })}
        />
      )}
      <output className={styles.count}>
        {search ? strings.searching(percent) : messages ? strings.count(shown, matched) : ''}
      </output>
      {newer > 0 ? (
        <Button small onClick={() => void history.refresh()}>
          {strings.newer(newer)}
        </Button>
      ) : null}
    </div>
  );
}

interface ContentProps {
  readonly history: SentHistory;
  /** Shown in place of a list without messages. */
  readonly empty: ReactNode;
  /** The list. */
  readonly children: ReactNode;
}

/** The list, or the reason why it is missing. */
function Content({ history, empty, children }: ContentProps) {
  const { messages, failure } = useStore(history.store);
  if (!failure && messages && messages.length > 0) return children;
  return <div className={styles.blank}>{failure ? <FailureBox failure={failure} /> : messages ? empty : null}</div>;
}

/** Why there are no messages. */
function NoMessages({ session, scope }: { readonly session: SessionView; readonly scope: SentScope }) {
  if (scope.search !== '') return <Empty title={strings.noMatch} />;
  if (session.state === 'read-only') return <Empty title={strings.emptyStored} />;
  return (
    <Empty title={strings.empty}>
      <p>{strings.emptyHelp}</p>
    </Empty>
  );
}

/** The buttons for the selected messages. */
function SentButtons({ act, canCompose }: { readonly act: SentActions; readonly canCompose: boolean }) {
  const { again, use, comparison } = strings;
  if (act.compared) {
    return (
      <Button autoFocus onClick={act.endComparison}>
        {comparison.back}
      </Button>
    );
  }
  return (
    <>
      {act.compareTwo || !canCompose ? (
        <Button title={comparison.twoHelp} disabled={!act.compareTwo} onClick={act.compareTwo}>
          {comparison.two}
        </Button>
      ) : (
        <Button title={comparison.withEditorHelp} disabled={!act.compareWithEditor} onClick={act.compareWithEditor}>
          {comparison.withEditor}
        </Button>
      )}
      {canCompose ? (
        <>
          <Button title={use.help} disabled={!act.use} onClick={act.use}>
            {use.button}
          </Button>
          <Button
            variant="primary"
            title={act.isPart ? again.part : again.help}
            disabled={!act.sendAgain}
            onClick={act.sendAgain}
          >
            {again.button}
          </Button>
        </>
      ) : null}
    </>
  );
}

/** The result of the last action; without one, the keys. */
function Status({ note, keys }: { readonly note: Note | undefined; readonly keys: string }) {
  if (note && 'failure' in note) return <FailureBox failure={note.failure} />;
  return <output className={styles.status}>{note?.text ?? keys}</output>;
}
