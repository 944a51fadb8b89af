import { FilePlus, FolderPlus, Import } from 'lucide-react';
import { type DragEvent, type KeyboardEvent, type MouseEvent, useId, useMemo, useRef } from 'react';
import { useStore } from 'zustand/react';
import { showDialog } from '../../state/dialogs.ts';
import { createKeptDrafts } from '../../state/kept-drafts.ts';
import { type Services, useServices, useWorkspace } from '../../state/services.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { SearchField } from '../../ui/field.tsx';
import type { MenuItem } from '../../ui/popover.tsx';
import { moveByKey, VirtualList } from '../../ui/virtual-list.tsx';
import { importDropped } from './import-files.ts';
import styles from './library.module.css';
import {
  createLibrary,
  moveTo,
  newFolder,
  newPayload,
  openInComposer,
  remove,
  selectedPaths,
} from './library-commands.ts';
import { LibraryRow } from './library-row.tsx';
import { type LibraryRowData, libraryRows, payloadRoot, selectedByClick } from './library-rows.ts';
import { strings } from './strings.ts';

const height = 26;

interface LibraryProps {
  /** Returns the menu of payloads and folders. */
  readonly items: (paths: readonly string[]) => MenuItem[];
  /** Sends a payload to the target of the active tab's composer. */
  readonly send: (path: string) => void;
}

function useRows(services: Services): readonly LibraryRowData[] {
  const documents = useWorkspace((state) => state.documents);
  const drafts = useStore(services.drafts, (state) => state.byTab);
  const kept = useStore(services.own(createKeptDrafts), (state) => state.byKey);
  const { collapsed, query } = useStore(services.own(createLibrary));
  return useMemo(
    () => libraryRows({ documents, kept, drafts }, { collapsed, query }),
    [documents, kept, drafts, collapsed, query],
  );
}

/** The payloads of the workspace as a tree of folders, with those that were never saved. */
export function Library(props: LibraryProps) {
  const services = useServices();
  const rows = useRows(services);
  const query = useStore(services.own(createLibrary), (state) => state.query);
  return (
    <section className={styles.library} aria-label={strings.title}>
      <Heading />
      {rows.length === 0 ? <Nothing query={query} /> : null}
      <Tree rows={rows} {...props} />
    </section>
  );
}

interface TreeProps extends LibraryProps {
  readonly rows: readonly LibraryRowData[];
}

function Tree({ rows, items, send }: TreeProps) {
  const services = useServices();
  const store = services.own(createLibrary);
  const { selected, cursor, renaming } = useStore(store);
  const tree = useId();
  const list = useRef<HTMLDivElement>(null);
  const at = rows.findIndex(({ path }) => path === cursor);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== list.current?.querySelector('[role="tree"]')) return;
    const viewport = (list.current?.clientHeight ?? 0) || height;
    const to = moveByKey(event.key, at, { total: rows.length, rowHeight: height, viewport });
    const isMenu = event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey);
    if (to !== undefined) moveCursor(services, rows, to, event.shiftKey);
    else if (isMenu) list.current?.querySelector<HTMLElement>(`[id="${tree}-${at}"] [data-menu]`)?.click();
    else if (event.key.toLowerCase() === 'a' && (event.ctrlKey || event.metaKey)) selectAll(services, rows);
    else if (!actOnRow(services, rows, at, event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      ref={list}
      className={styles.tree}
      role="none"
      onKeyDown={onKeyDown}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => drop(services, event, payloadRoot)}
    >
      <VirtualList
        role="tree"
        aria-label={strings.tree}
        aria-multiselectable
        tabIndex={0}
        data-focus="payloads"
        data-own-keys="F2 Delete"
        aria-activedescendant={at < 0 ? undefined : `${tree}-${at}`}
        total={rows.length}
        rowHeight={height}
        reveal={at < 0 ? undefined : at}
        renderRow={(index) => {
          const row = rows[index];
          if (!row) return null;
          return (
            <LibraryRow
              key={row.path}
              row={row}
              id={`${tree}-${index}`}
              isSelected={selected.has(row.path)}
              isCursor={index === at}
              isRenaming={row.path === renaming}
              items={() => items(selected.has(row.path) ? [...selected] : [row.path])}
              onClick={(event) => select(services, rows, index, event)}
              onOpen={() => void openInComposer(services, row.path)}
              onSend={() => send(row.path)}
              onToggle={() => toggleFolder(services, row.path)}
              onDragStart={(event) => startDrag(services, rows, index, event)}
              onDropInto={(event, folder) => drop(services, event, folder)}
            />
          );
        }}
      />
    </div>
  );
}

/** Moves the selected documents to `folder`, or imports the files that were dropped. */
function drop(services: Services, event: DragEvent, folder: string): void {
  event.preventDefault();
  if (event.dataTransfer.types.includes('Files')) void importDropped(services, event.dataTransfer, folder);
  else void moveTo(services, selectedPaths(services), folder);
}

function startDrag(services: Services, rows: readonly LibraryRowData[], index: number, event: DragEvent): void {
  const path = rows[index]?.path ?? '';
  event.dataTransfer.setData('text/plain', path);
  event.dataTransfer.effectAllowed = 'move';
  if (!services.own(createLibrary).getState().selected.has(path)) moveCursor(services, rows, index, false);
}

function select(services: Services, rows: readonly LibraryRowData[], index: number, event: MouseEvent): void {
  const how = { range: event.shiftKey, toggle: event.ctrlKey || event.metaKey };
  services.own(createLibrary).setState(({ selected, cursor }) => {
    const from = rows.findIndex(({ path }) => path === cursor);
    const next = selectedByClick(rows, selected, { at: index, from, ...how });
    return { selected: next, ...(how.range ? {} : { cursor: rows[index]?.path }) };
  });
}

function moveCursor(services: Services, rows: readonly LibraryRowData[], index: number, adds: boolean): void {
  const path = rows[index]?.path;
  if (path === undefined) return;
  services.own(createLibrary).setState(({ selected }) => ({
    cursor: path,
    selected: adds ? new Set([...selected, path]) : new Set([path]),
  }));
}

function selectAll(services: Services, rows: readonly LibraryRowData[]): void {
  services.own(createLibrary).setState({ selected: new Set(rows.map(({ path }) => path)) });
}

function toggleFolder(services: Services, path: string): void {
  services.own(createLibrary).setState(({ collapsed }) => {
    const next = new Set(collapsed);
    if (!next.delete(path)) next.add(path);
    return { collapsed: next };
  });
}

/** Does what a key means for the row of the cursor. Returns false for other keys. */
function actOnRow(services: Services, rows: readonly LibraryRowData[], at: number, key: string): boolean {
  const row = rows[at];
  if (!row) return false;
  const store = services.own(createLibrary);
  const isFolder = row.kind === 'folder';
  if (key === 'Enter') {
    if (isFolder) toggleFolder(services, row.path);
    else void openInComposer(services, row.path);
  } else if (key === 'F2' && row.kind !== 'unsaved') store.setState({ renaming: row.path });
  else if (key === 'Delete') void remove(services, [...store.getState().selected]);
  else if (key === 'ArrowRight' && isFolder && !row.isOpen) toggleFolder(services, row.path);
  else if (key === 'ArrowLeft' && isFolder && row.isOpen) toggleFolder(services, row.path);
  else if (key === 'ArrowLeft') {
    const parent = rows.slice(0, at).findLast(({ level }) => level < row.level);
    if (parent) store.setState({ cursor: parent.path, selected: new Set([parent.path]) });
  } else return false;
  return true;
}

/** The title, the search field, and the buttons for new payloads. */
function Heading() {
  const services = useServices();
  const store = services.own(createLibrary);
  const query = useStore(store, (state) => state.query);
  const hasWorkspace = useWorkspace((state) => state.view !== undefined);
  return (
    <div className={styles.heading}>
      <h2 className={styles.title}>{strings.title}</h2>
      <SearchField
        label={strings.search}
        placeholder={strings.searchHint}
        value={query}
        onChange={(next) => store.setState({ query: next })}
      />
      <IconButton small label={strings.newPayload} disabled={!hasWorkspace} onClick={() => void newPayload(services)}>
        <FilePlus size={14} aria-hidden />
      </IconButton>
      <IconButton small label={strings.newFolder} disabled={!hasWorkspace} onClick={() => void newFolder(services)}>
        <FolderPlus size={14} aria-hidden />
      </IconButton>
      <IconButton
        small
        label={strings.importFiles}
        disabled={!hasWorkspace}
        onClick={() => showDialog(services.dialogs, { kind: 'import', files: [] })}
      >
        <Import size={14} aria-hidden />
      </IconButton>
    </div>
  );
}

/** Says why there are no rows, and offers the action that fills them. */
function Nothing({ query }: { readonly query: string }) {
  const services = useServices();
  const hasWorkspace = useWorkspace((state) => state.view !== undefined);
  if (query !== '') return <p className={styles.none}>{strings.noMatch}</p>;
  return (
    <div className={styles.none}>
      <span>{hasWorkspace ? strings.empty : strings.noWorkspace}</span>
      {hasWorkspace ? (
        <Button variant="ghost" small onClick={() => void newPayload(services)}>
          {strings.offer}
        </Button>
      ) : null}
    </div>
  );
}
