import { useEffect, useState } from 'react';
import { maxWindowRows } from '#shared/contract/limits.ts';
import type { Scope, SessionView } from '#shared/contract/models.ts';
import type { SocketInfo } from '#shared/record/record.ts';
import { labelOf } from '../../state/endpoint-form.ts';
import { filterOfTab, noFilter, scopeFilter, shownFilter } from '../../state/filters.ts';
import { type Services, useServices } from '../../state/services.ts';
import { activeTab } from '../../state/tabs.ts';
import { RadioList, RadioRow } from '../../ui/choices.tsx';
import { SelectField } from '../../ui/field.tsx';
import { countOf, shownText } from '../../ui/text.ts';
import styles from './session-dialogs.module.css';
import { strings } from './strings.ts';

export type ScopeKind = 'whole' | 'shown' | 'endpoint' | 'socket';

/** The parts of a session that can be saved from a tab. */
interface ScopeChoices {
  /** The complete filter of the tab; empty if the user has set no filter. */
  readonly shown: string;
  /** The part of it that the user entered. */
  readonly text: string;
  readonly endpoint: { readonly name: string; readonly filter: string } | undefined;
  /** The socket of the selected record, or 0. */
  readonly socket: number;
}

/** Returns the choices for `session` in the active tab. */
export function scopeChoices(services: Services, session: SessionView): ScopeChoices {
  const tab = activeTab(services.tabs.getState());
  if (!tab) return { shown: '', text: '', endpoint: undefined, socket: 0 };
  const filter = filterOfTab(services.filters.getState(), tab.id);
  const id = tab.kind === 'endpoint' ? tab.endpoint : undefined;
  const view = id === undefined ? undefined : services.live.getState().endpoints.get(id);
  const selection = services.selection.getState().byTab[tab.id];
  const isFiltered = filter.mode === 'filter' && filter.text !== '';
  return {
    shown: isFiltered ? shownFilter(filter, id) : '',
    text: isFiltered ? filter.text : '',
    endpoint: view && { name: labelOf(view), filter: scopeFilter(noFilter, view.id) },
    socket: selection?.session === session.id ? selection.row.socket : 0,
  };
}

export interface ScopeSelection {
  readonly kind: ScopeKind;
  readonly socket: number;
  readonly direction: 'both' | 'in' | 'out';
}

/** Returns the scope of the records selected. */
export function scopeOf({ kind, socket, direction }: ScopeSelection, { shown, endpoint }: ScopeChoices): Scope {
  const filter = kind === 'shown' ? shown : kind === 'endpoint' ? (endpoint?.filter ?? '') : '';
  return {
    ...(filter === '' ? {} : { filter }),
    ...(kind === 'socket' ? { sockets: [socket] } : {}),
    ...(direction === 'both' ? {} : { direction }),
  };
}

/** Returns the label of a socket in a list: its number, its endpoint's name and its peer. */
function socketLabel({ id, name, peer, local, role }: SocketInfo): string {
  return shownText(`${id} · ${name} · ${role === 'listener' ? strings.scope.listener(local) : peer || local}`);
}

/** Returns the sockets to offer for a session: those of its first and last records, and of the selected record. */
function useSockets({ id, total }: SessionView, chosen: number): readonly SocketInfo[] {
  const { client, selection, tabs } = useServices();
  const [known, setKnown] = useState<readonly SocketInfo[]>([]);
  const [last] = useState(Math.max(0, total - maxWindowRows));
  useEffect(() => {
    let stale = false;
    const ask = (first: number) => client.call('sessions.window', { session: id, first, count: maxWindowRows });
    void Promise.all([ask(0), last > 0 ? ask(last) : undefined]).then((answers) => {
      const found = new Map<number, SocketInfo>();
      for (const answer of answers) if (answer?.ok) for (const info of answer.value.sockets) found.set(info.id, info);
      const info = selection.getState().byTab[tabs.getState().active]?.info;
      if (info?.id === chosen) found.set(info.id, info);
      if (!stale) setKnown([...found.values()].sort((a, b) => a.id - b.id));
    });
    return () => {
      stale = true;
    };
  }, [client, selection, tabs, id, last, chosen]);
  return known;
}

const { scope: words } = strings;

interface ScopeFieldsProps {
  readonly session: SessionView;
  readonly choices: ScopeChoices;
  readonly selection: ScopeSelection;
  readonly onChange: (selection: ScopeSelection) => void;
}

const directions = [
  { value: 'both', label: words.both },
  { value: 'in', label: words.in },
  { value: 'out', label: words.out },
] as const;

/** Selects the records to save: all, the filtered ones, those of an endpoint or of a socket, and their direction. */
export function ScopeFields({ session, choices, selection, onChange }: ScopeFieldsProps) {
  const sockets = useSockets(session, choices.socket);
  const option = (kind: ScopeKind, label: string, detail: string) => (
    <RadioRow
      name="scope"
      value={kind}
      className={styles.option}
      checked={selection.kind === kind}
      onSelect={() => onChange({ ...selection, kind })}
    >
      <span className={styles.label}>{label}</span>
      <span className={styles.help} title={detail}>
        {detail}
      </span>
    </RadioRow>
  );
  return (
    <RadioList legend={words.title}>
      {option('whole', words.whole, countOf(session.total, 'record'))}
      {choices.text === '' ? null : option('shown', words.shown, choices.text)}
      {choices.endpoint ? option('endpoint', words.endpoint, choices.endpoint.name) : null}
      {sockets.length === 0 ? null : option('socket', words.socket, words.socketHelp)}
      <div className={styles.fields}>
        {selection.kind === 'socket' ? (
          <SelectField
            label={words.socketField}
            hideLabel
            className={styles.socket}
            value={String(selection.socket)}
            options={sockets.map((info) => ({ value: String(info.id), label: socketLabel(info) }))}
            onChange={(value) => onChange({ ...selection, socket: Number(value) })}
          />
        ) : null}
        <SelectField
          label={words.direction}
          hideLabel
          value={selection.direction}
          options={directions}
          onChange={(direction) => onChange({ ...selection, direction })}
        />
      </div>
    </RadioList>
  );
}
