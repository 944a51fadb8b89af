import { useEffect, useRef } from 'react';
import { useStore } from 'zustand/react';
import type { PayloadFormat } from '#shared/payload/payload.ts';
import { changeDraft, draftOf } from '../../client/drafts-store.ts';
import { useServices } from '../../client/use-services.ts';
import styles from './composer.module.css';
import { applyTokens, monaco } from './monaco.ts';

interface Kept {
  readonly model: monaco.editor.ITextModel;
  viewState: monaco.editor.ICodeEditorViewState | null;
  revision: number;
}

const languages: Readonly<Record<PayloadFormat, string>> = {
  json: 'json',
  xml: 'xml',
  text: 'plaintext',
  hex: 'plaintext',
};

/** The text of each tab with its undo history; kept while other tabs are shown. */
const kept = new Map<string, Kept>();

const options: monaco.editor.IStandaloneEditorConstructionOptions = {
  ariaLabel: 'Payload text. Tab types a tab; Escape leaves the editor.',
  automaticLayout: true,
  fontFamily: 'var(--font-mono)',
  fontSize: 12,
  lineHeight: 18,
  lineNumbersMinChars: 3,
  minimap: { enabled: false },
  overviewRulerLanes: 0,
  padding: { top: 6, bottom: 6 },
  renderLineHighlight: 'line',
  scrollBeyondLastLine: false,
  // What is typed is what is sent: nothing is added to it.
  autoClosingBrackets: 'never',
  autoClosingQuotes: 'never',
  autoSurround: 'never',
  autoIndent: 'keep',
  // What a payload holds is the user's business; no word of it is a suggestion.
  quickSuggestions: false,
  wordBasedSuggestions: 'off',
  suggestOnTriggerCharacters: false,
  links: false,
  stickyScroll: { enabled: false },
  tabSize: 2,
  wordWrap: 'on',
  fixedOverflowWidgets: true,
};

/** The editor of the active tab's payload. Loaded only when a composer is first shown. */
export default function PayloadEditor({ tab }: { readonly tab: string }) {
  const services = useServices();
  const { drafts, tabs } = services;
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<monaco.editor.IStandaloneCodeEditor>(undefined);
  const shown = useStore(services.theme, (state) => state.shown);
  const draft = useStore(drafts, (state) => draftOf(state, tab));
  const { format, problem, revision } = draft;

  useEffect(() => applyTokens(shown), [shown]);

  useEffect(() => {
    if (!host.current) return;
    const element = host.current;
    const made = monaco.editor.create(element, { ...options, model: null });
    editor.current = made;
    // Tab belongs to the text, so that another key has to lead out of it.
    made.onKeyDown((event) => {
      if (event.keyCode !== monaco.KeyCode.Escape || (made.getSelections()?.length ?? 0) > 1) return;
      if (element.querySelector('.find-widget.visible, .suggest-widget.visible')) return;
      const next = ['[data-focus="send"]:enabled', '[data-focus="format"]'];
      for (const control of next) {
        const found = document.querySelector<HTMLElement>(control);
        if (!found) continue;
        found.focus();
        return;
      }
    });
    const stop = tabs.subscribe(({ tabs: open }) => {
      for (const [id, { model }] of kept) {
        if (open.some((other) => other.id === id)) continue;
        model.dispose();
        kept.delete(id);
      }
    });
    return () => {
      stop();
      editor.current = undefined;
      made.dispose();
    };
  }, [tabs]);

  // One model a tab, so that undo and the place in the text survive a change of tabs.
  useEffect(() => {
    const current = editor.current;
    if (!current) return;
    let entry = kept.get(tab);
    if (!entry) {
      const { text, format: first, revision: at } = draftOf(drafts.getState(), tab);
      entry = { model: monaco.editor.createModel(text, languages[first]), viewState: null, revision: at };
      kept.set(tab, entry);
    }
    const { model } = entry;
    current.setModel(model);
    current.restoreViewState(entry.viewState);
    const listening = model.onDidChangeContent(() => {
      const text = model.getValue();
      if (text !== draftOf(drafts.getState(), tab).text) {
        changeDraft(drafts, tab, { text, changed: true, outcome: undefined });
      }
    });
    return () => {
      listening.dispose();
      entry.viewState = current.saveViewState();
    };
  }, [tab, drafts]);

  useEffect(() => {
    const entry = kept.get(tab);
    if (entry) monaco.editor.setModelLanguage(entry.model, languages[format]);
  }, [tab, format]);

  // A sample, Format, “use as payload”: an edit like any other, which undo takes back.
  useEffect(() => {
    const entry = kept.get(tab);
    if (!entry || entry.revision === revision) return;
    entry.revision = revision;
    const { text } = draftOf(drafts.getState(), tab);
    entry.model.pushStackElement();
    entry.model.pushEditOperations([], [{ range: entry.model.getFullModelRange(), text }], () => null);
    entry.model.pushStackElement();
  }, [tab, revision, drafts]);

  useEffect(() => {
    const entry = kept.get(tab);
    if (!entry) return;
    // JSON is marked by the language service's worker; the rest by our own reading.
    const marks = problem && format !== 'json' ? [markOf(problem)] : [];
    monaco.editor.setModelMarkers(entry.model, 'wirebench', marks);
  }, [tab, problem, format]);

  return <div ref={host} className={styles.monaco} data-focus="payload" />;
}

function markOf(problem: { line: number; column: number; length: number; reason: string }): monaco.editor.IMarkerData {
  return {
    severity: monaco.MarkerSeverity.Error,
    message: problem.reason,
    startLineNumber: problem.line,
    startColumn: problem.column,
    endLineNumber: problem.line,
    endColumn: problem.column + Math.max(problem.length, 1),
  };
}
