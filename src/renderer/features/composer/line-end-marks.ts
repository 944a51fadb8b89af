import { endOfLine, type LineEnd } from '#shared/payload/line-ends.ts';
import styles from './composer.module.css';
import { monaco } from './monaco.ts';
import type { PayloadModel } from './payload-model.ts';

const symbols: Readonly<Record<LineEnd, string>> = { lf: '\\n', crlf: '\\r\\n', cr: '\\r' };

/** Marks the end of each visible line while the line ends of the payload are mixed. Returns the function that stops it. */
export function markLineEnds(editor: monaco.editor.IStandaloneCodeEditor, payload: PayloadModel): () => void {
  const marks = editor.createDecorationsCollection();
  const draw = () => {
    if (!payload.isMixed) return marks.clear();
    const { ends, model } = payload;
    const shown: monaco.editor.IModelDeltaDecoration[] = [];
    for (const { startLineNumber, endLineNumber } of editor.getVisibleRanges()) {
      for (let line = startLineNumber; line <= endLineNumber; line += 1) {
        const end = endOfLine(ends, line);
        if (end !== undefined) shown.push(markOf(end, line, model.getLineMaxColumn(line)));
      }
    }
    marks.set(shown);
  };
  draw();
  const stops = [
    payload.onChange(draw),
    disposer(editor.onDidScrollChange(draw)),
    disposer(editor.onDidLayoutChange(draw)),
  ];
  return () => {
    for (const stop of stops) stop();
    marks.clear();
  };
}

function markOf(end: LineEnd, line: number, column: number): monaco.editor.IModelDeltaDecoration {
  return {
    range: { startLineNumber: line, startColumn: column, endLineNumber: line, endColumn: column },
    options: {
      showIfCollapsed: true,
      after: {
        content: symbols[end],
        inlineClassName: styles.lineEnd ?? '',
        cursorStops: monaco.editor.InjectedTextCursorStops.None,
      },
    },
  };
}

function disposer(listening: monaco.IDisposable): () => void {
  return () => listening.dispose();
}
