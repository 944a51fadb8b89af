import { limitMarks } from '#shared/bytes/clusters.ts';
import { escapeSymbols } from '../../ui/escape-symbol.ts';

/** More than this is in no cell's sight. */
const maxShown = 320;

/** Symbols of control characters, and characters by their names. */
const notDrawn = /(?:[\u2400-\u2421]|⟨U\+[\dA-F]{4,6}⟩)+/g;

interface PreviewPiece {
  readonly at: number;
  readonly escaped: boolean;
  readonly shown: string;
}

/**
 * Splits a row's preview into text and what is not drawn. The engine gives control characters as Unicode's symbols for them (␊),
 * which many fonts lack; here they become the escapes that programmers read (`\n`, `\x1b`). These, and characters that it gives
 * by their names (`⟨U+FEFF⟩`), are drawn apart from the text.
 */
export function previewPieces(preview: string): PreviewPiece[] {
  // The indentation of a document that is laid out says nothing on one line; the inspector has it.
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
