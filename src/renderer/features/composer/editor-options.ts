import type { monaco } from './monaco.ts';

/** How the payload's editor looks and behaves. */
export const editorOptions: monaco.editor.IStandaloneEditorConstructionOptions = {
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
  // What is typed is what is sent: nothing is added to it, nothing is asked about it, and blanks at an end are seen.
  autoClosingBrackets: 'never',
  autoClosingQuotes: 'never',
  autoSurround: 'never',
  autoIndent: 'keep',
  trimAutoWhitespace: false,
  unusualLineTerminators: 'off',
  renderControlCharacters: true,
  renderWhitespace: 'trailing',
  // An edit context is given all of the cursor's line at each key, and passes it on to another process: 10 MB each time.
  editContext: false,
  // A paste is what the clipboard has as text; a file that is dropped is sent as a file.
  pasteAs: { enabled: false },
  dropIntoEditor: { enabled: false },
  // What a payload holds is the user's business; no word of it is a suggestion.
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
