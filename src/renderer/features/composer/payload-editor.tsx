import { type RefObject, useEffect, useRef } from 'react';
import { useStore } from 'zustand/react';
import type { PayloadFormat } from '#shared/payload/payload.ts';
import type { Problem } from '#shared/payload/problem.ts';
import { changeDraft, draftOf } from '../../state/drafts.ts';
import { type Services, useServices } from '../../state/services.ts';
import styles from './composer.module.css';
import { scaledOptions, type TextScale } from './editor-scale.ts';
import { editorOptions, keepClipboard, markLineEnds } from './editor-setup.ts';
import { helpHex } from './hex-help.ts';
import { createHexMode } from './hex-mode.ts';
import { applyTokens, monaco } from './monaco.ts';
import { PayloadModel } from './payload-model.ts';
import { completeTags, linkTagNames } from './tag-help.ts';
import { createEditorGoal, noGoal } from './written-payload.ts';

const languages: Readonly<Record<PayloadFormat, string>> = {
  json: 'json',
  xml: 'xml',
  text: 'plaintext',
  hex: 'plaintext',
};

/** The models of the open tabs with their undo history, kept while other tabs are shown. */
type Models = Map<string, PayloadModel>;

type Editor = monaco.editor.IStandaloneCodeEditor;

interface PayloadEditorProps {
  readonly tab: string;
  readonly problems: readonly Problem[];
  /** Called with the size class of the text. */
  readonly onScale: (scale: TextScale) => void;
}

/** The editor of the active tab's payload. It is loaded when a composer is first shown. */
export default function PayloadEditor({ tab, problems, onScale }: PayloadEditorProps) {
  const services = useServices();
  const { drafts, theme } = services;
  const models = services.own(createModels);
  const host = useRef<HTMLDivElement>(null);
  const shown = useStore(theme, (state) => state.shown);
  const { format, revision } = useStore(drafts, (state) => draftOf(state, tab));
  useEffect(() => applyTokens(shown), [shown]);
  const editor = useEditor(host, models);
  useModel(editor, tab, services, onScale);
  useTemplateHelp(editor, models, tab);

  useEffect(() => {
    const payload = models.get(tab);
    if (payload) payload.language = languages[format];
    const element = host.current;
    const mode = services.own(createHexMode);
    return format === 'hex' && editor.current && element ? helpHex(editor.current, element, mode) : undefined;
  }, [editor, models, tab, format, services]);

  // A sample, Format, “Use as payload” and another line end are edits that can be undone, like typed ones.
  useEffect(() => {
    const payload = models.get(tab);
    if (!payload || payload.revision === revision) return;
    payload.revision = revision;
    const view = editor.current?.saveViewState() ?? null;
    payload.replace(draftOf(drafts.getState(), tab).text);
    editor.current?.restoreViewState(view);
  }, [editor, models, tab, revision, drafts]);

  useEffect(() => {
    const payload = models.get(tab);
    if (payload) monaco.editor.setModelMarkers(payload.model, 'wirebench', problems.map(markOf));
  }, [models, tab, problems]);

  const goal = useStore(services.own(createEditorGoal));
  useEffect(() => {
    if (goal.tab !== tab || !editor.current) return;
    const position = { lineNumber: goal.line, column: goal.column };
    editor.current.setPosition(position);
    editor.current.revealPositionInCenterIfOutsideViewport(position);
    editor.current.focus();
    services.own(createEditorGoal).setState(noGoal);
  }, [editor, services, tab, goal]);

  return <div ref={host} className={styles.monaco} data-focus="payload" />;
}

/** Offers the variables and functions of templates while the payload of `tab` is one. They are loaded on first use. */
function useTemplateHelp(editor: RefObject<Editor | undefined>, models: Models, tab: string): void {
  const services = useServices();
  const isTemplate = useStore(services.drafts, (state) => draftOf(state, tab).template);
  useEffect(() => {
    const model = models.get(tab)?.model;
    if (!isTemplate || !model) return;
    let stop: (() => void) | undefined = () => {};
    editor.current?.updateOptions({ suggestOnTriggerCharacters: true });
    void import('./template-help.ts').then(({ startTemplateHelp }) => {
      if (stop) stop = startTemplateHelp({ services, model, tab });
    });
    return () => {
      stop?.();
      stop = undefined;
      editor.current?.updateOptions({ suggestOnTriggerCharacters: false });
    };
  }, [editor, models, services, tab, isTemplate]);
}

/** Creates an editor in `host`. */
function useEditor(host: RefObject<HTMLElement | null>, models: Models): RefObject<Editor | undefined> {
  const editor = useRef<Editor>(undefined);
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const created = monaco.editor.create(element, { ...editorOptions, model: null });
    editor.current = created;
    // This helper would show all of a long line at the first click after its visible part.
    created.getContribution('editor.contrib.longLinesHelper')?.dispose();
    created.onKeyDown((event) => {
      if (event.keyCode === monaco.KeyCode.Escape) leave(created, element);
    });
    const stopLinks = linkTagNames();
    const stopClipboard = keepClipboard(created, element, () => payloadOf(models, created));
    return () => {
      stopClipboard();
      stopLinks();
      editor.current = undefined;
      created.dispose();
    };
  }, [host, models]);
  return editor;
}

/** Shows the model of `tab` in the editor. Each tab has its model, so that undo and the cursor survive switching tabs. */
function useModel(
  editor: RefObject<Editor | undefined>,
  tab: string,
  services: Services,
  onScale: (scale: TextScale) => void,
): void {
  useEffect(() => {
    const current = editor.current;
    if (!current) return;
    const { drafts } = services;
    const models = services.own(createModels);
    const draft = () => draftOf(drafts.getState(), tab);
    let payload = models.get(tab);
    if (!payload) {
      const { text, format, revision } = draft();
      payload = new PayloadModel(text, languages[format], revision, () => draft().lineEnd);
      models.set(tab, payload);
    }
    const shown = payload;
    const applyScale = () => {
      current.updateOptions(scaledOptions(shown.scale));
      onScale(shown.scale);
    };
    applyScale();
    const stopScale = shown.onScale(applyScale);
    current.setModel(shown.model);
    current.restoreViewState(shown.viewState);
    const stopMarks = markLineEnds(current, shown);
    const stopTags = completeTags(current, shown.model);
    const stop = shown.onChange(() => {
      const text = shown.raw;
      if (text !== draft().text) changeDraft(drafts, tab, { text, changed: true, outcome: undefined });
    });
    return () => {
      stop();
      stopScale();
      stopMarks();
      stopTags();
      shown.viewState = current.saveViewState();
    };
  }, [editor, tab, services, onScale]);
}

function payloadOf(models: Models, editor: Editor): PayloadModel | undefined {
  const model = editor.getModel();
  for (const payload of models.values()) if (payload.model === model) return payload;
  return undefined;
}

/** Moves the focus out of the editor. Escape does this, because Tab inserts a tab. */
function leave(editor: Editor, element: HTMLElement): void {
  if ((editor.getSelections()?.length ?? 0) > 1) return;
  if (element.querySelector('.find-widget.visible, .suggest-widget.visible')) return;
  for (const control of ['[data-focus="send"]:enabled', '[data-focus="format"]']) {
    const found = document.querySelector<HTMLElement>(control);
    if (!found) continue;
    found.focus();
    return;
  }
}

/** Creates the models. Those of closed tabs are disposed of. */
function createModels({ tabs }: Services): Models {
  const models: Models = new Map();
  tabs.subscribe(({ tabs: open }) => {
    for (const [id, payload] of models) {
      if (open.some((other) => other.id === id)) continue;
      payload.dispose();
      models.delete(id);
    }
  });
  return models;
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
