import { useEffect, useRef } from 'react';
import { useStore } from 'zustand/react';
import { showControls } from '#shared/bytes/text.ts';
import { useServices } from '../../state/services.ts';
import styles from './composer.module.css';
import { editorOptions } from './editor-setup.ts';
import { applyTokens, monaco } from './monaco.ts';
import { strings } from './strings.ts';

interface PayloadDiffProps {
  /** The text on the disk. */
  readonly theirs: string;
  readonly mine: string;
}

/** Returns `text` with a carriage return as its symbol: the editor would take it for the end of a line, and show no difference. */
function shown(text: string): string {
  return text.replaceAll(/\r|\ufeff/g, showControls);
}

/** Compares the version on the disk (left) with the user's text (right), read-only. It is loaded when versions are first compared. */
export default function PayloadDiff({ theirs, mine }: PayloadDiffProps) {
  const { theme } = useServices();
  const host = useRef<HTMLDivElement>(null);
  const colours = useStore(theme, (state) => state.shown);
  useEffect(() => applyTokens(colours), [colours]);
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const original = monaco.editor.createModel(shown(theirs), 'plaintext');
    const modified = monaco.editor.createModel(shown(mine), 'plaintext');
    const editor = monaco.editor.createDiffEditor(element, {
      ...editorOptions,
      readOnly: true,
      originalEditable: false,
      renderSideBySide: true,
      useInlineViewWhenSpaceIsLimited: false,
      ignoreTrimWhitespace: false,
      originalAriaLabel: strings.conflict.theirsLabel,
      modifiedAriaLabel: strings.conflict.mineLabel,
    });
    editor.setModel({ original, modified });
    return () => {
      editor.dispose();
      original.dispose();
      modified.dispose();
    };
  }, [theirs, mine]);
  return <div ref={host} className={styles.monaco} />;
}
