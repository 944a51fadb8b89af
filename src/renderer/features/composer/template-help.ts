import { offsetAt } from '#shared/payload/problem.ts';
import { describe } from '#shared/template/functions/catalogue.ts';
import type { Described } from '#shared/template/functions/function.ts';
import { draftOf } from '../../state/drafts.ts';
import type { Services } from '../../state/services.ts';
import { endpointTabOf } from '../../state/tabs.ts';
import { monaco } from './monaco.ts';
import { targetsOf } from './send-command.ts';
import { strings } from './strings.ts';
import { valueInTemplate } from './written-payload.ts';

const languages = ['json', 'xml', 'plaintext'];
/** The longest part of a line in which `{{` is looked for. */
const maxBefore = 4_096;

interface TemplateHelp {
  readonly services: Services;
  readonly model: monaco.editor.ITextModel;
  /** The tab of the payload: values are those of its first target. */
  readonly tab: string;
}

type Inside = 'value' | 'filter' | 'tag' | 'argument';

/** Returns what can be written at the end of `before`, the line before the cursor; `undefined` outside of `{{ }}` and `{% %}`. */
function insideOf(before: string): Inside | undefined {
  const open = Math.max(before.lastIndexOf('{{'), before.lastIndexOf('{%'));
  if (open < 0) return undefined;
  const inner = before.slice(open + 2);
  if (inner.includes('}}') || inner.includes('%}')) return undefined;
  if (before.startsWith('{%', open)) return /^-?\s*\w*$/.test(inner) ? 'tag' : 'argument';
  if (/^-?\s*\w*$/.test(inner)) return 'value';
  return /\|\s*\w*$/.test(inner) ? 'filter' : 'argument';
}

/** Returns the names of the variables and secrets of the selected environment. */
async function variablesOf({ client, workspace }: Services): Promise<readonly string[]> {
  const { environment } = workspace.getState();
  if (environment === undefined) return [];
  const answer = await client.call('documents.value', { path: environment });
  if (!answer.ok || answer.value.value.kind !== 'environment') return [];
  const { variables, secrets } = answer.value.value;
  return [...variables.map(({ name }) => name), ...secrets];
}

function documentationOf({ help, example, result }: Described): monaco.IMarkdownString {
  return { value: `${help}.\n\n\`${example}\` → \`${result}\`` };
}

/** Offers variables, functions and tags in a template, and shows the current value of an output below the pointer. */
export function startTemplateHelp({ services, model, tab }: TemplateHelp): () => void {
  const described = describe().flatMap(({ functions }) => functions);
  const completion = monaco.languages.registerCompletionItemProvider(languages, {
    triggerCharacters: ['{', '%', '|', ' '],
    provideCompletionItems: async (shown, position) => {
      if (shown !== model) return { suggestions: [] };
      const { lineNumber, column } = position;
      const before = shown.getLineContent(lineNumber).slice(Math.max(0, column - 1 - maxBefore), column - 1);
      const inside = insideOf(before);
      if (inside === undefined) return { suggestions: [] };
      const { startColumn, endColumn } = shown.getWordUntilPosition(position);
      const range = { startLineNumber: lineNumber, endLineNumber: lineNumber, startColumn, endColumn };
      const wanted = inside === 'argument' ? 'value' : inside;
      const names = wanted === 'value' ? await variablesOf(services) : [];
      const { Variable, Function: FunctionKind } = monaco.languages.CompletionItemKind;
      return {
        suggestions: [
          ...names.map((name) => ({
            label: name,
            kind: Variable,
            insertText: name,
            detail: strings.template.variable,
            range,
          })),
          ...described
            .filter(({ kind }) => kind === wanted)
            .map((one) => ({
              label: one.name,
              kind: one.kind === 'value' ? Variable : FunctionKind,
              insertText: one.name,
              detail: one.parameters.join(', '),
              documentation: documentationOf(one),
              range,
            })),
        ],
      };
    },
  });
  const hover = monaco.languages.registerHoverProvider(languages, {
    provideHover: async (shown, { lineNumber, column }) => {
      if (shown !== model) return null;
      const output = outputAt(shown.getLineContent(lineNumber), column);
      if (!output) return null;
      const draft = draftOf(services.drafts.getState(), tab);
      // The value of names that the template itself sets is only known in the whole of it.
      const at = offsetAt(draft.text, lineNumber, Math.min(column, output.columns.endColumn - 1));
      const answer = await valueInTemplate(services, draft, at, targetOf(services, tab));
      if (!answer.ok) return null;
      const { bytes, problem } = answer.value;
      const value = new TextDecoder().decode(bytes.subarray(0, 1_024));
      const text = problem ? problem.message : strings.template.value(value);
      // In a code block: the value is shown as text, never as markup.
      const fence = '`'.repeat(Math.max(3, ...(text.match(/`+/g) ?? []).map(({ length }) => length + 1)));
      const range = { startLineNumber: lineNumber, endLineNumber: lineNumber, ...output.columns };
      return { range, contents: [{ value: `${fence}text\n${text}\n${fence}` }] };
    },
  });
  return () => {
    completion.dispose();
    hover.dispose();
  };
}

/** Returns the first socket that the payload of a tab is sent to. */
function targetOf({ drafts, live, tabs }: Services, tab: string): number | undefined {
  const endpoint = endpointTabOf(tabs.getState(), tab)?.endpoint;
  const view = endpoint === undefined ? undefined : live.getState().endpoints.get(endpoint);
  return targetsOf(live.getState(), view, draftOf(drafts.getState(), tab))[0];
}

/** Returns the output `{{ … }}` of a line that contains `column`, and its columns. */
function outputAt(line: string, column: number) {
  if (line.length > maxBefore) return undefined;
  for (const { 0: text, index } of line.matchAll(/\{\{.*?\}\}/g)) {
    if (column <= index || column > index + text.length + 1) continue;
    return { columns: { startColumn: index + 1, endColumn: index + text.length + 1 } };
  }
  return undefined;
}
