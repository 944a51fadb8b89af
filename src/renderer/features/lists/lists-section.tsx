import { ListOrdered, Plus, TriangleAlert } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useStore } from 'zustand/react';
import type { DocumentView } from '#shared/contract/documents.ts';
import { useLive, useServices, useWorkspace } from '../../state/services.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { RowMenu, useRowMenu } from '../../ui/row-menu.tsx';
import { shownText } from '../../ui/text.ts';
import { listItems } from './list-actions.ts';
import {
  addList,
  createLists,
  type EditedList,
  jobOfList,
  listName,
  openList,
  removeList,
  renameList,
} from './list-store.ts';
import styles from './lists.module.css';
import { strings } from './strings.ts';

const texts = strings.section;

/** The send lists of the workspace, in the side bar. */
export function ListsSection() {
  const services = useServices();
  const documents = useWorkspace((state) => state.documents);
  const hasWorkspace = useWorkspace((state) => state.view !== undefined);
  const byPath = useStore(services.own(createLists), (state) => state.byPath);
  const lists = useMemo(() => rowsOf(documents, byPath), [documents, byPath]);
  if (!hasWorkspace) return null;
  return (
    <nav className={styles.section} aria-label={texts.title}>
      <div className={styles.heading}>
        <h2 className={styles.title}>{texts.title}</h2>
        <IconButton small label={texts.add} onClick={() => void addList(services)}>
          <Plus size={14} aria-hidden />
        </IconButton>
      </div>
      {lists.length === 0 ? <p className={styles.none}>{texts.empty}</p> : null}
      {lists.map((view) => (
        <ListRow key={view.path} view={view} />
      ))}
    </nav>
  );
}

type ListRowData = Pick<DocumentView, 'path' | 'problem'>;

/** Returns the lists of the workspace, then those that have no file: unsaved changes of another window, or of a file that is gone. */
function rowsOf(
  documents: ReadonlyMap<string, DocumentView>,
  byPath: Readonly<Record<string, EditedList>>,
): readonly ListRowData[] {
  const unsaved = Object.entries(byPath).filter(([path, { changed }]) => changed && !documents.has(path));
  return [
    ...[...documents.values()].filter(({ kind }) => kind === 'send-list'),
    ...unsaved.map(([path]) => ({ path, problem: undefined })),
  ];
}

function ListRow({ view }: { readonly view: ListRowData }) {
  const services = useServices();
  const { path, problem } = view;
  const menu = useRowMenu();
  const lists = services.own(createLists);
  const isRenamed = useStore(lists, ({ renaming }) => renaming === path);
  const isRunning = useLive((live) => jobOfList(live, path)?.state === 'running');
  const name = listName(path);
  if (isRenamed) {
    return (
      <NameField
        name={name}
        onEnd={(next) => {
          lists.setState({ renaming: undefined });
          if (next !== undefined) void renameList(services, path, next);
        }}
      />
    );
  }
  return (
    <div className={styles.row}>
      <Button
        variant="ghost"
        className={styles.name}
        data-own-keys="F2 Delete"
        title={problem ? `${problem.message}: ${problem.system}` : undefined}
        onClick={() => openList(services, path)}
        onKeyDown={(event) => {
          if (event.key === 'F2') lists.setState({ renaming: path });
          if (event.key === 'Delete') void removeList(services, path);
        }}
      >
        {problem ? <TriangleAlert size={13} aria-label={texts.problem} /> : <ListOrdered size={13} aria-hidden />}
        <span className={styles.text}>{shownText(name)}</span>
        {isRunning ? <span className={styles.state}>{strings.progress.states.running}</span> : null}
      </Button>
      <RowMenu state={menu} label={texts.actionsOf(name)} items={() => listItems(services, path)} />
    </div>
  );
}

interface NameFieldProps {
  readonly name: string;
  /** Is called with the new name, or with nothing after Escape. */
  readonly onEnd: (name: string | undefined) => void;
}

function NameField({ name, onEnd }: NameFieldProps) {
  const [text, setText] = useState(name);
  return (
    <input
      ref={(element) => element?.focus()}
      className={styles.field}
      aria-label={texts.nameOf(name)}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => onEnd(undefined)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onEnd(text);
        if (event.key === 'Escape') onEnd(undefined);
      }}
    />
  );
}
