import { useEffect, useRef } from 'react';
import { useStore } from 'zustand/react';
import type { PayloadFormat } from '#shared/payload/payload.ts';
import type { Problem } from '#shared/payload/problem.ts';
import { changeDraft, draftOf } from '../../client/drafts-store.ts';
import type { TabsStore } from '../../client/tabs-store.ts';
import { useServices } from '../../client/use-services.ts';
import styles from './composer.module.css';
import { keepClipboard } from './editor-clipboard.ts';
import { editorOptions } from './editor-options.ts';
import { scaledOptions, type TextScale } from './editor-scale.ts';
import { markLineEnds } from './line-end-marks.ts';
import { applyTokens, monaco } from './monaco.ts';
import { PayloadModel } from './payload-model.ts';

const languages: Readonly<Record<PayloadFormat, string>> = {
  json: 'json',
  xml: 'xml',
  text: 'plaintext',
  hex: 'plaintext',
};

/** The text of each tab with its undo history; kept while other tabs are shown. */
const kept = new Map<string, PayloadModel>();

interface PayloadEditorProps {
  readonly tab: string;
  readonly problems: readonly Problem[];
  /** The problem to go to. */
  readonly place: Problem | undefined;
  /** Is given how long the text is for the editor. */
  readonly onScale: (scale: TextScale) => void;
}

/** The editor of the active tab's payload. Loaded only when a composer is first shown. */
export default function PayloadEditor({ tab, problems, place, onScale }: PayloadEditorProps) {
  const services = useServices();
  const { drafts, tabs } = services;
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<monaco.editor.IStandaloneCodeEditor>(undefined);
  const shown = useStore(services.theme, (state) => state.shown);
  const draft = useStore(drafts, (state) => draftOf(state, tab));
  const { format, revision } = draft;

  useEffect(() => applyTokens(shown), [shown]);

  useEffect(() => {
    if (!host.current) return;
    const element = host.current;
    const made = monaco.editor.create(element, { ...editorOptions, model: null });
    editor.current = made;
    // It shows all of a line at the first click behind what is shown of it.
    made.getContribution('editor.contrib.longLinesHelper')?.dispose();
    made.onKeyDown((event) => {
      if (event.keyCode === monaco.KeyCode.Escape) leave(made, element);
    });
    const stops = [keepClipboard(made, element, () => payloadOf(made)), dropClosed(tabs)];
    return () => {
      for (const stop of stops) stop();
      editor.current = undefined;
      made.dispose();
    };
  }, [tabs]);

  // One model a tab, so that undo and the place in the text survive a change of tabs.
  useEffect(() => {
    const current = editor.current;
    if (!current) return;
    let payload = kept.get(tab);
    if (!payload) {
      const { text, format: first, revision: at } = draftOf(drafts.getState(), tab);
      payload = new PayloadModel(text, languages[first], at, () => draftOf(drafts.getState(), tab).lineEnd);
      kept.set(tab, payload);
    }
    const own = payload;
    const scale = () => {
      current.updateOptions(scaledOptions(own.scale));
      onScale(own.scale);
    };
    scale();
    const stopScale = own.onScale(scale);
    current.setModel(own.model);
    current.restoreViewState(own.viewState);
    const stopMarks = markLineEnds(current, own);
    const stop = own.onChange(() => {
      const text = own.raw;
      if (text !== draftOf(drafts.getState(), tab).text) {
        changeDraft(drafts, tab, { text, changed: true, outcome: undefined });
      }
    });
    return () => {
      stop();
      stopScale();
      stopMarks();
      own.viewState = current.saveViewState();
    };
  }, [tab, drafts, onScale]);

  useEffect(() => {
    const payload = kept.get(tab);
    if (payload) payload.language = languages[format];
  }, [tab, format]);

  // A sample, Format, “use as payload”, another line end: an edit like any other, which undo takes back.
  useEffect(() => {
    const payload = kept.get(tab);
    if (!payload || payload.revision === revision) return;
    payload.revision = revision;
    const view = editor.current?.saveViewState() ?? null;
    payload.replace(draftOf(drafts.getState(), tab).text);
    editor.current?.restoreViewState(view);
  }, [tab, revision, drafts]);

  useEffect(() => {
    const payload = kept.get(tab);
    if (payload) monaco.editor.setModelMarkers(payload.model, 'wirebench', problems.map(markOf));
  }, [tab, problems]);

  useEffect(() => {
    if (!place || !editor.current) return;
    const position = { lineNumber: place.line, column: place.column };
    editor.current.setPosition(position);
    editor.current.revealPositionInCenterIfOutsideViewport(position);
    editor.current.focus();
  }, [place]);

  return <div ref={host} className={styles.monaco} data-focus="payload" />;
}

function payloadOf(editor: monaco.editor.IStandaloneCodeEditor): PayloadModel | undefined {
  const model = editor.getModel();
  for (const payload of kept.values()) if (payload.model === model) return payload;
  return undefined;
}

/** Tab belongs to the text, so that another key has to lead out of it. */
function leave(editor: monaco.editor.IStandaloneCodeEditor, element: HTMLElement): void {
  if ((editor.getSelections()?.length ?? 0) > 1) return;
  if (element.querySelector('.find-widget.visible, .suggest-widget.visible')) return;
  for (const control of ['[data-focus="send"]:enabled', '[data-focus="format"]']) {
    const found = document.querySelector<HTMLElement>(control);
    if (!found) continue;
    found.focus();
    return;
  }
}

/** Lets go of the texts of tabs that are closed. Returns the function that ends it. */
function dropClosed(tabs: TabsStore): () => void {
  return tabs.subscribe(({ tabs: open }) => {
    for (const [id, payload] of kept) {
      if (open.some((other) => other.id === id)) continue;
      payload.dispose();
      kept.delete(id);
    }
  });
}

function markOf({ severity, message, line, column, length }: Problem): monaco.editor.IMarkerData {
  return {
    severity: severity === 'error' ? monaco.MarkerSeverity.Error : monaco.MarkerSeverity.Warning,
    message,
    startLineNumber: line,
    startColumn: column,
    endLineNumber: line,
    endColumn: column + Math.max(length, 1),
  };
}
