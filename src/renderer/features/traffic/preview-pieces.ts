import { limitMarks } from '#shared/bytes/clusters.ts';
import { escapeSymbols } from '../../ui/escape-symbol.ts';

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
