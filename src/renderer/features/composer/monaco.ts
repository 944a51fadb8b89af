// The editor with all of its features, but only the languages of payloads: the JSON language service and XML colours.
import 'monaco-editor/features/register.all';
import 'monaco-editor/languages/definitions/xml/register';
import * as monaco from 'monaco-editor/editor';
import EditorWorker from 'monaco-editor/editor/editor.worker?worker';
import JsonWorker from 'monaco-editor/languages/features/json/json.worker?worker';
import { jsonDefaults } from 'monaco-editor/languages/features/json/register';

declare global {
  interface Window {
    MonacoEnvironment?: { getWorker(id: string, label: string): Worker };
  }
}

window.MonacoEnvironment = {
  getWorker: (_id, label) => (label === 'json' ? new JsonWorker() : new EditorWorker()),
};

// Nothing is fetched for a payload's `$schema`: it is untrusted data. Errors come from our parser, which explains how to
// correct them.
jsonDefaults.setDiagnosticsOptions({ validate: false, enableSchemaRequest: false });

function token(styles: CSSStyleDeclaration, name: string): string {
  const value = styles.getPropertyValue(`--${name}`).trim();
  // The build shortens `#ffffff` to `#fff`, which the editor does not understand.
  return value.length === 4 ? value.replace(/[0-9a-f]/gi, '$&$&') : value;
}

/** Applies an editor theme with the colours of the page's tokens. */
export function applyTokens(shown: 'dark' | 'light'): void {
  const styles = getComputedStyle(document.documentElement);
  const color = (name: string) => token(styles, name);
  const ink = (name: string) => color(name).slice(1);
  monaco.editor.defineTheme('wirebench', {
    base: shown === 'dark' ? 'vs-dark' : 'vs',
    inherit: true,
    rules: [
      { token: 'string.key.json', foreground: ink('code-key') },
      { token: 'string.value.json', foreground: ink('code-string') },
      { token: 'number', foreground: ink('code-number') },
      { token: 'keyword.json', foreground: ink('code-word') },
      { token: 'tag', foreground: ink('code-key') },
      { token: 'attribute.name', foreground: ink('code-number') },
      { token: 'attribute.value', foreground: ink('code-string') },
      { token: 'comment', foreground: ink('ink-faint') },
      { token: 'metatag', foreground: ink('ink-faint') },
    ],
    colors: {
      'editor.background': color('surface'),
      'editor.foreground': color('ink'),
      'editorLineNumber.foreground': color('ink-faint'),
      'editorLineNumber.activeForeground': color('ink'),
      'editor.lineHighlightBorder': '#00000000',
      'editor.lineHighlightBackground': color('bg'),
      'editor.selectionBackground': color('selected'),
      'editorCursor.foreground': color('accent'),
      'editorWidget.background': color('raised'),
      'editorWidget.border': color('line-strong'),
      'editorError.foreground': color('danger'),
      'editorGutter.background': color('surface'),
      'editorIndentGuide.background1': color('line'),
      'scrollbarSlider.background': `${color('line-strong')}80`,
      focusBorder: color('focus'),
    },
  });
  monaco.editor.setTheme('wirebench');
}

export { monaco };
