import { limitMarks } from '#shared/bytes/clusters.ts';

/** More than this is in no cell's sight. */
const maxShown = 320;

const names: Readonly<Record<number, string>> = { 0: '\\0', 9: '\\t', 10: '\\n', 13: '\\r' };

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
  const text = limitMarks(preview.replace(/(?<=[\u240a\u240d])[ \u2409]{2,}/g, ' ').slice(0, maxShown));
  const pieces: PreviewPiece[] = [];
  let start = 0;
  for (const match of text.matchAll(/[\u2400-\u2421]+/g)) {
    if (match.index > start) pieces.push({ at: start, escaped: false, shown: text.slice(start, match.index) });
    pieces.push({ at: match.index, escaped: true, shown: Array.from(match[0], escapeOf).join('') });
    start = match.index + match[0].length;
  }
  if (start < text.length) pieces.push({ at: start, escaped: false, shown: text.slice(start) });
  return pieces;
}

function escapeOf(symbol: string): string {
  const code = symbol.charCodeAt(0) === 0x2421 ? 0x7f : symbol.charCodeAt(0) - 0x2400;
  return names[code] ?? `\\x${code.toString(16).padStart(2, '0')}`;
}
