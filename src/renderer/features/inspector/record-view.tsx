import type { Ref } from 'react';
import { shortText } from '#shared/bytes/clusters.ts';
import { showControls } from '#shared/bytes/text.ts';
import type { Selection } from '../../state/selection.ts';
import type { inspectorViews } from '../../state/settings.ts';
import { SecurityFacts } from '../../ui/security-facts.tsx';
import { escapeSymbols } from '../../ui/text.ts';
import { CallsView } from './calls-view.tsx';
import type { Match } from './find-bar.tsx';
import { HexView } from './hex-view.tsx';
import styles from './inspector.module.css';
import { PrettyView } from './pretty-view.tsx';
import { type HttpEvent, useHandshake } from './record-calls.tsx';
import type { ReadPart } from './record-data.ts';
import { strings } from './strings.ts';
import { TextView } from './text-view.tsx';
import type { TreeFinder } from './tree-view.tsx';

/** The HTTP messages of a handshake, one header per line, as recorded with the events. */
function HandshakeView({ messages }: { readonly messages: readonly HttpEvent[] }) {
  return messages.map((message) => (
    <section key={message.way}>
      <h4>{message.way === 'sent' ? strings.handshake.sent : strings.handshake.received}</h4>
      <pre className={styles.excerpt}>{textOf(message)}</pre>
    </section>
  ));
}

function textOf({ lines, body, more }: HttpEvent): string {
  const shown = body ? [...lines, '', ...body.split('\n')] : lines;
  return [...shown.map((line) => escapeSymbols(showControls(line))), ...(more ? ['…'] : [])].join('\n');
}

export type InspectorView = (typeof inspectorViews)[number];

/** Maximum length of an event's sentence, which may quote text from the peer. */
const maxEventText = 4_096;

interface RecordViewProps {
  readonly view: InspectorView;
  readonly tab: string;
  readonly selection: Selection;
  /** The match to show. */
  readonly match: Match | undefined;
  readonly reads: readonly ReadPart[];
  readonly finder: Ref<TreeFinder>;
  /** The text to find; empty for none. */
  readonly needle: string;
}

/** Returns true if the selected record is a message. */
export function isMessage(selection: Selection | undefined): boolean {
  return selection?.row.kind === 'in' || selection?.row.kind === 'out';
}

/** The selected record in one of the views. */
export function RecordView({ view, tab, selection, match, reads, finder, needle }: RecordViewProps) {
  if (view === 'calls') return <CallsView tab={tab} selection={selection} reads={reads} />;
  if (!isMessage(selection)) return <EventView selection={selection} />;
  // The key resets the view for another record.
  const key = `${selection.session} ${selection.row.seq}`;
  if (view === 'pretty') {
    return <PrettyView key={key} tab={tab} selection={selection} finder={finder} needle={needle} />;
  }
  if (view === 'text') return <TextView key={key} selection={selection} match={match} />;
  return <HexView key={key} selection={selection} match={match} reads={reads} />;
}

function EventView({ selection }: { readonly selection: Selection }) {
  const { row } = selection;
  const handshake = useHandshake(selection);
  return (
    <div className={styles.event}>
      <p className={styles.sentence}>{shortText(row.preview, maxEventText)}</p>
      {row.event?.kind === 'secured' ? <SecurityFacts event={row.event} /> : null}
      {handshake.length > 0 ? <HandshakeView messages={handshake} /> : <p>{strings.noPayload}</p>}
    </div>
  );
}
