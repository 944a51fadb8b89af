import { useEffect, useRef } from 'react';
import { useStore } from 'zustand/react';
import { showControls } from '#shared/bytes/text.ts';
import { useServices } from '../../state/services.ts';
import styles from './composer.module.css';
import { editorOptions } from './editor-setup.ts';
import { applyTokens, monaco } from './monaco.ts';

interface PayloadDiffProps {
  /** The text on the left, and its name for screen readers. */
  readonly original: string;
  readonly originalLabel: string;
  /** The text on the right. */
  readonly modified: string;
  readonly modifiedLabel: string;
}

/** Returns `text` with a carriage return as its symbol: the editor would take it for the end of a line, and show no difference. */
function shown(text: string): string {
  return text.replaceAll(/\r|\ufeff/g, showControls);
}

/** Shows the differences of two texts side by side, read-only. It is loaded when texts are first compared. */
export default function PayloadDiff({ original, originalLabel, modified, modifiedLabel }: PayloadDiffProps) {
  const { theme } = useServices();
  const host = useRef<HTMLDivElement>(null);
  const colours = useStore(theme, (state) => state.shown);
  useEffect(() => applyTokens(colours), [colours]);
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const left = monaco.editor.createModel(shown(original), 'plaintext');
    const right = monaco.editor.createModel(shown(modified), 'plaintext');
    const editor = monaco.editor.createDiffEditor(element, {
      ...editorOptions,
      readOnly: true,
      originalEditable: false,
      renderSideBySide: true,
      useInlineViewWhenSpaceIsLimited: false,
      ignoreTrimWhitespace: false,
      originalAriaLabel: originalLabel,
      modifiedAriaLabel: modifiedLabel,
    });
    // A view model that the editor makes would not cancel its computation when the editor is disposed.
    const viewModel = editor.createViewModel({ original: left, modified: right });
    editor.setModel(viewModel);
    return () => {
      editor.dispose();
      viewModel.dispose();
      left.dispose();
      right.dispose();
    };
  }, [original, originalLabel, modified, modifiedLabel]);
  return <div ref={host} className={styles.monaco} />;
}
