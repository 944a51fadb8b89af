import {
  Braces,
  ChevronDown,
  ChevronRight,
  CodeXml,
  FileDigit,
  FileText,
  Folder,
  Send,
  TriangleAlert,
} from 'lucide-react';
import { type DragEvent, type KeyboardEvent, type MouseEvent, useRef, useState } from 'react';
import { useServices } from '../../state/services.ts';
import { IconButton } from '../../ui/button.tsx';
import type { MenuItem } from '../../ui/popover.tsx';
import { RowMenu, useRowMenu } from '../../ui/row-menu.tsx';
import { classes, shownText } from '../../ui/text.ts';
import styles from './library.module.css';
import { createLibrary, rename } from './library-commands.ts';
import type { LibraryRowData } from './library-rows.ts';
import { strings } from './strings.ts';

const icons: Readonly<Record<string, typeof Folder>> = {
  json: Braces,
  xml: CodeXml,
  text: FileText,
  hex: FileDigit,
  binary: FileDigit,
};

interface LibraryRowProps {
  readonly row: LibraryRowData;
  /** The id of its element, for the tree that has the focus. */
  readonly id: string;
  readonly isSelected: boolean;
  readonly isCursor: boolean;
  readonly isRenaming: boolean;
  readonly items: () => MenuItem[];
  readonly onClick: (event: MouseEvent) => void;
  readonly onOpen: () => void;
  readonly onSend: () => void;
  readonly onToggle: () => void;
  readonly onDragStart: (event: DragEvent) => void;
  readonly onDropInto: (event: DragEvent, folder: string) => void;
}

/** A payload, a folder or an unsaved payload, with its Send button and its menu. */
export function LibraryRow(props: LibraryRowProps) {
  const { row, id, isSelected, isCursor, isRenaming, items, onClick, onOpen, onSend, onToggle, onDragStart } = props;
  const menu = useRowMenu();
  const [isOver, setOver] = useState(false);
  const name = shownText(row.name);
  const isFolder = row.kind === 'folder';
  const Icon = isFolder ? Folder : (icons[row.format] ?? FileText);
  const drop = isFolder && {
    onDragOver: (event: DragEvent) => {
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      event.stopPropagation();
      setOver(false);
      props.onDropInto(event, row.path);
    },
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree has the focus and handles the keys for its rows.
    <div
      id={id}
      role="treeitem"
      aria-level={row.level}
      aria-selected={isSelected}
      aria-expanded={isFolder ? row.isOpen : undefined}
      aria-label={labelOf(row)}
      title={titleOf(row)}
      className={classes(styles.row, isSelected && styles.selected, isCursor && styles.cursor, isOver && styles.over)}
      style={{ paddingLeft: 6 + (row.level - 1) * 12 }}
      draggable={row.kind !== 'unsaved' && !isRenaming}
      onDragStart={onDragStart}
      {...drop}
      onClick={onClick}
      onDoubleClick={({ target }) => {
        if (!(target instanceof Element && target.closest('button'))) (isFolder ? onToggle : onOpen)();
      }}
      onContextMenu={(event) => {
        if (!isSelected) onClick(event);
        menu.onContextMenu(event);
      }}
    >
      <span className={styles.twist} onClick={isFolder ? onToggle : undefined} aria-hidden>
        {isFolder ? row.isOpen ? <ChevronDown size={12} /> : <ChevronRight size={12} /> : null}
      </span>
      <Icon size={13} aria-hidden className={styles.kind} />
      {isRenaming ? <NameField row={row} /> : <span className={styles.name}>{name}</span>}
      <Marks row={row} />
      {isFolder ? null : (
        <IconButton small tabIndex={-1} label={strings.send(name)} className={styles.tool} onClick={onSend}>
          <Send size={12} aria-hidden />
        </IconButton>
      )}
      <RowMenu
        state={menu}
        label={strings.actionsOf(name)}
        className={styles.tool}
        tabIndex={-1}
        data-menu
        items={items}
      />
    </div>
  );
}

function labelOf(row: LibraryRowData): string {
  const name = shownText(row.name);
  if (row.kind === 'folder') return name;
  if (row.kind === 'unsaved') return `${name}, ${strings.unsaved}`;
  const { isChanged, problem, favourite } = row;
  const marks = [
    isChanged ? strings.changed : '',
    favourite === undefined ? '' : strings.favourite(favourite),
    problem,
  ];
  return [name, ...marks].filter(Boolean).join(', ');
}

function titleOf(row: LibraryRowData): string {
  const path = shownText(row.path);
  if (row.kind === 'payload' && row.problem !== undefined) return `${path}: ${row.problem}`;
  if (row.kind === 'unsaved') return strings.unsaved;
  return row.kind === 'payload' && row.favourite !== undefined ? `${path}\n${strings.favourite(row.favourite)}` : path;
}

/** The marks of a row: unsaved changes, a problem, the key of a favourite. */
function Marks({ row }: { readonly row: LibraryRowData }) {
  if (row.kind === 'folder') return null;
  if (row.kind === 'unsaved') return <span className={styles.mark}>{strings.unsaved}</span>;
  return (
    <>
      {row.isChanged ? <span className={styles.dot} role="img" aria-label={strings.changed} /> : null}
      {row.problem === undefined ? null : (
        <TriangleAlert size={12} aria-label={row.problem} className={styles.problem} />
      )}
      {row.favourite === undefined ? null : <kbd className={styles.mark}>{row.favourite}</kbd>}
    </>
  );
}

/** Edits the name of a document or folder in its row. */
function NameField({ row }: { readonly row: LibraryRowData }) {
  const services = useServices();
  const [name, setName] = useState(row.name);
  const isDone = useRef(false);
  const end = (isApplied: boolean) => {
    if (isDone.current) return;
    isDone.current = true;
    if (isApplied) void rename(services, row.path, name);
    else services.own(createLibrary).setState({ renaming: undefined });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    event.stopPropagation();
    if (event.key !== 'Enter' && event.key !== 'Escape') return;
    event.currentTarget.closest<HTMLElement>('[role="tree"]')?.focus();
    end(event.key === 'Enter');
  };
  return (
    <input
      className={styles.nameField}
      aria-label={strings.renameOf(row.name)}
      value={name}
      spellCheck={false}
      // biome-ignore lint/a11y/noAutofocus: the user has just asked to edit this name.
      autoFocus
      onFocus={(event) => {
        const dot = event.target.value.lastIndexOf('.');
        event.target.setSelectionRange(0, dot > 0 ? dot : event.target.value.length);
      }}
      onChange={(event) => setName(event.target.value)}
      onKeyDown={onKeyDown}
      onClick={(event) => event.stopPropagation()}
      onDoubleClick={(event) => event.stopPropagation()}
      onBlur={() => end(true)}
    />
  );
}
