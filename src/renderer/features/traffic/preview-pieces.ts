import { controlSymbols, escapeSymbol } from '../../ui/escape-symbol.ts';

/** More than this is in no cell's sight. */
const maxShown = 320;

export interface PreviewPiece {
  readonly at: number;
  readonly escaped: boolean;
  readonly shown: string;
}

/**
 * Cuts a row's preview into text and control characters. The engine gives the latter as Unicode's symbols for them (␊),
 * which many fonts lack; here they become the escapes that programmers read (`\n`, `\x1b`), drawn apart from the text.
 */
export function previewPieces(preview: string): PreviewPiece[] {
  // The indentation of a document that is laid out says nothing on one line; the inspector has it.
  const text = preview.replace(/(?<=[\u240a\u240d])[ \u2409]{2,}/g, ' ').slice(0, maxShown);
  const pieces: PreviewPiece[] = [];
  let start = 0;
  for (const match of text.matchAll(controlSymbols)) {
    if (match.index > start) pieces.push({ at: start, escaped: false, shown: text.slice(start, match.index) });
    pieces.push({ at: match.index, escaped: true, shown: Array.from(match[0], escapeSymbol).join('') });
    start = match.index + match[0].length;
  }
  if (start < text.length) pieces.push({ at: start, escaped: false, shown: text.slice(start) });
  return pieces;
}
