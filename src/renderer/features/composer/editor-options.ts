import type { monaco } from './monaco.ts';
import { strings } from './strings.ts';

/** The options of the payload editor. */
export const editorOptions: monaco.editor.IStandaloneEditorConstructionOptions = {
  ariaLabel: strings.editor,
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
  // The payload is sent exactly as typed: the editor adds nothing, asks nothing, and shows trailing blanks.
  autoClosingBrackets: 'never',
  autoClosingQuotes: 'never',
  autoSurround: 'never',
  autoIndent: 'keep',
  trimAutoWhitespace: false,
  unusualLineTerminators: 'off',
  renderControlCharacters: true,
  renderWhitespace: 'trailing',
  // With an edit context, each key sends the whole line of the cursor, up to 10 MB, to another process.
  editContext: false,
  // Pasting inserts only text; a dropped file is sent as a file.
  pasteAs: { enabled: false },
  dropIntoEditor: { enabled: false },
  // Words of a payload are not useful as suggestions.
  quickSuggestions: false,
  inlineSuggest: { enabled: false },
  wordBasedSuggestions: 'off',
  suggestOnTriggerCharacters: false,
  links: false,
  colorDecorators: false,
  defaultColorDecorators: 'never',
  stickyScroll: { enabled: false },
  tabSize: 2,
  fixedOverflowWidgets: true,
};
