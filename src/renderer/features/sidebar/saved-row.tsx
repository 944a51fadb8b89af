import { ChevronDown, ChevronRight, CircleAlert, FileInput, Folder } from 'lucide-react';
import { type DragEvent, type KeyboardEvent, useState } from 'react';
import { useStore } from 'zustand/react';
import { showDialog } from '../../state/dialogs.ts';
import { removeDocuments } from '../../state/document-commands.ts';
import { openSaved } from '../../state/saved-endpoints.ts';
import { type Services, useServices } from '../../state/services.ts';
import { activeTab } from '../../state/tabs.ts';
import { ColourMark } from '../../ui/colour-mark.tsx';
import { SearchField } from '../../ui/field.tsx';
import { RowMenu, useRowMenu } from '../../ui/row-menu.tsx';
import { classes, shownText } from '../../ui/text.ts';
import {
  createSavedSection,
  moveInto,
  renameFolder,
  type SavedRowData,
  savedItems,
  savedName,
  savedRoot,
} from './saved-rows.ts';
import styles from './sidebar.module.css';
import { strings } from './strings.ts';

const { saved: words } = strings;

interface SavedRowProps {
  readonly row: SavedRowData;
  readonly onToggle: (path: string) => void;
}

/** A row of the section of saved endpoints. */
export function SavedRow({ row, onToggle }: SavedRowProps) {
  const services = useServices();
  switch (row.kind) {
    case 'saved-heading':
      return (
        <div className={styles.heading} {...dropInto(services, savedRoot)}>
          <h2 className={styles.title}>{words.title}</h2>
          <SavedSearch />
        </div>
      );
    case 'saved-empty':
      return (
        <div className={styles.none} title={row.isFiltered ? undefined : words.emptyHelp}>
          <span>{row.isFiltered ? words.noMatch : words.empty}</span>
        </div>
      );
    case 'saved-folder':
    case 'saved':
      return <DocumentRow row={row} onToggle={onToggle} />;
  }
}

/** The search for saved endpoints. */
function SavedSearch() {
  const section = useServices().own(createSavedSection);
  const query = useStore(section, (state) => state.query);
  return (
    <SearchField
      label={words.search}
      placeholder={words.searchHint}
      value={query}
      onChange={(next) => section.setState({ query: next })}
    />
  );
}

/** The type of what is dragged: the path of a saved endpoint or of a folder. */
const dragType = 'application/x-wirebench-endpoint';

/** Returns the properties of an element on which saved endpoints are dropped to move them into `folder`. */
function dropInto(services: Services, folder: string) {
  return {
    onDragOver: (event: DragEvent) => {
      if (event.dataTransfer.types.includes(dragType)) event.preventDefault();
    },
    onDrop: (event: DragEvent) => {
      if (!event.dataTransfer.types.includes(dragType)) return;
      event.preventDefault();
      void moveInto(services, event.dataTransfer.getData(dragType), folder);
    },
  };
}

const indentPixels = 14;

interface DocumentRowProps extends SavedRowProps {
  readonly row: SavedRowData & { readonly kind: 'saved-folder' | 'saved' };
}

/** A saved endpoint or a folder, with its menu. */
function DocumentRow({ row, onToggle }: DocumentRowProps) {
  const services = useServices();
  const menu = useRowMenu();
  const { view, depth } = row;
  const { path, problem, endpoint } = view;
  const isFolder = row.kind === 'saved-folder';
  const active = useStore(services.tabs, (state) => {
    const tab = activeTab(state);
    return tab?.kind === 'endpoint' && tab.document?.path === path;
  });
  const name = shownText(savedName(view));
  const about = endpoint ? words.about(endpoint.role, endpoint.transport, shownText(endpoint.address)) : '';
  const failed = problem ? words.problem(shownText(problem.system || problem.message), problem.line) : '';
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Delete') void removeDocuments(services, [path]);
    else if (event.key === 'F2' && isFolder) services.own(createSavedSection).setState({ renaming: path });
    else if (event.key === 'F2' && endpoint && !problem) showDialog(services.dialogs, { kind: 'saved-endpoint', path });
    else return;
    event.preventDefault();
  };
  const isRenamed = useStore(services.own(createSavedSection), ({ renaming }) => renaming === path);
  if (isRenamed) return <NameField path={path} name={name} indent={depth * indentPixels} />;
  return (
    <div
      role="none"
      className={classes(styles.row, active && styles.active)}
      style={{ paddingLeft: depth * indentPixels }}
      draggable
      onDragStart={({ dataTransfer }) => dataTransfer.setData(dragType, path)}
      {...(isFolder && dropInto(services, path))}
    >
      <span className={styles.twist} aria-hidden>
        {!isFolder ? null : row.collapsed ? <ChevronRight size={12} /> : <ChevronDown size={12} />}
      </span>
      <button
        type="button"
        className={styles.name}
        aria-expanded={isFolder ? !row.collapsed : undefined}
        title={[shownText(path), about, failed].filter(Boolean).join('\n')}
        onClick={() => (isFolder ? onToggle(path) : void openSaved(services, path))}
        onKeyDown={onKeyDown}
        onContextMenu={menu.onContextMenu}
      >
        <RowIcon row={row} />
        <span className={styles.text}>{name}</span>
        {endpoint ? <span className={styles.address}>{shownText(endpoint.address)}</span> : null}
        {failed === '' ? null : <span className={styles.problem}>{words.unreadable}</span>}
        {endpoint?.colour ? <ColourMark colour={endpoint.colour} /> : null}
      </button>
      <RowMenu
        state={menu}
        label={strings.actionsOf(name)}
        className={styles.more}
        items={() => savedItems(services, view)}
      />
    </div>
  );
}

interface NameFieldProps {
  readonly path: string;
  readonly name: string;
  readonly indent: number;
}

/** Edits the name of a folder in its row. */
function NameField({ path, name, indent }: NameFieldProps) {
  const services = useServices();
  const [text, setText] = useState(name);
  const cancel = () => services.own(createSavedSection).setState({ renaming: undefined });
  return (
    <div className={styles.row} style={{ paddingLeft: indent }}>
      <input
        ref={(element) => element?.focus()}
        className={styles.nameField}
        aria-label={words.nameOf(name)}
        value={text}
        spellCheck={false}
        onChange={(event) => setText(event.target.value)}
        onBlur={cancel}
        onKeyDown={(event) => {
          if (event.key === 'Enter') void renameFolder(services, path, text);
          else if (event.key === 'Escape') cancel();
        }}
      />
    </div>
  );
}

function RowIcon({ row }: Pick<DocumentRowProps, 'row'>) {
  if (row.kind === 'saved-folder') return <Folder size={12} aria-hidden className={styles.icon} />;
  if (row.view.problem) return <CircleAlert size={12} aria-hidden className={styles.problem} />;
  return <FileInput size={12} aria-hidden className={styles.icon} />;
}
