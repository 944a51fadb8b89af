import { limitMarks } from '#shared/bytes/clusters.ts';
import type { RecordKind, SocketInfo } from '#shared/record/record.ts';
import { eventKindOf } from '#shared/socket/event.ts';
import { isObserved } from '#shared/socket/socket-facts.ts';
import { escapeSymbols, shortAddress } from '../../ui/text.ts';
import { strings } from './strings.ts';
import styles from './traffic-grid.module.css';

/** No cell is wide enough for more characters. */
const maxShown = 320;

/** Symbols of control characters, and characters shown as their code points. */
const notDrawn = /(?:[\u2400-\u2421]|⟨U\+[\dA-F]{4,6}⟩)+/g;

interface PreviewPiece {
  readonly at: number;
  readonly escaped: boolean;
  readonly shown: string;
}

/**
 * Splits a row's preview into text and escapes. The engine replaces control characters with their Unicode symbols (␊), which
 * many fonts lack: these become escapes (`\n`, `\x1b`). Escapes and code points (`⟨U+FEFF⟩`) have a style of their type.
 */
export function previewPieces(preview: string): PreviewPiece[] {
  // Indentation is meaningless on one line; the inspector shows it.
  const text = limitMarks(preview.replace(/(?<=[\u240a\u240d])[ \u2409]{2,}/g, ' ').slice(0, maxShown));
  const pieces: PreviewPiece[] = [];
  let start = 0;
  for (const match of text.matchAll(notDrawn)) {
    if (match.index > start) pieces.push({ at: start, escaped: false, shown: text.slice(start, match.index) });
    pieces.push({ at: match.index, escaped: true, shown: escapeSymbols(match[0]) });
    start = match.index + match[0].length;
  }
  if (start < text.length) pieces.push({ at: start, escaped: false, shown: text.slice(start) });
  return pieces;
}

/** The beginning of a message on one line, with control characters as highlighted escapes. */
export function Preview({ text }: { readonly text: string }) {
  return previewPieces(text).map(({ at, escaped, shown }) =>
    escaped ? (
      <span key={at} className={styles.control}>
        {shown}
      </span>
    ) : (
      shown
    ),
  );
}

/** Returns the direction of a message and its text; `undefined` for an event. */
export function directionOf(kind: RecordKind): { kind: 'in' | 'out'; text: string } | undefined {
  if (kind === 'in') return { kind, text: strings.grid.received };
  return kind === 'out' ? { kind, text: strings.grid.sent } : undefined;
}

/** Returns the emphasis of a row: less for lifecycle events than for messages, more for problems. */
export function toneOf(kind: RecordKind): 'plain' | 'event' | 'problem' | 'warning' {
  if (kind === 'in' || kind === 'out') return 'plain';
  return eventKindOf(kind).level ?? 'event';
}

/**
 * Returns the address of the peer, or the local address of a listener; for a connection that was only observed, both
 * addresses, the connecting side first. An address of this machine is shortened to its port.
 */
export function peerOf(info: SocketInfo | undefined): string {
  if (!info) return '';
  if (isObserved(info) && info.local !== '' && info.peer !== '') {
    const [from, to] = info.role === 'accepted' ? [info.peer, info.local] : [info.local, info.peer];
    return `${shortAddress(from)} → ${shortAddress(to)}`;
  }
  return shortAddress(info.role === 'listener' ? info.local : info.peer);
}
