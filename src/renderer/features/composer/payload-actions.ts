import type { Action, ActionContext } from '../../state/action.ts';
import { showDialog } from '../../state/dialogs.ts';
import { changeDraft, type Draft, draftOf } from '../../state/drafts.ts';
import { savePayload } from '../../state/payload-documents.ts';
import type { Services } from '../../state/services.ts';
import { setLayout } from '../../state/settings.ts';
import type { EndpointTab } from '../../state/tabs.ts';
import { toggleExactBytes } from './exact-button.tsx';
import { canSendOnce, sendOnceAndClose } from './one-shot.tsx';
import {
  convertDocument,
  decodeBase64,
  encodeBase64,
  formatDraft,
  minifyDraft,
  selectFormat,
  sortKeys,
} from './payload-commands.ts';
import {
  cancelSend,
  createRepeatPanel,
  hasTarget,
  repeatOf,
  selectFileToSend,
  sendDraft,
  stopJob,
} from './send-command.ts';
import { strings } from './strings.ts';
import { setTemplate } from './written-as.tsx';
import { canEscape, toggleEscapes } from './written-payload.ts';

const texts = strings.actions;

/** The tab whose payload an action is applied to. */
interface Payload {
  readonly services: Services;
  readonly tab: EndpointTab;
  readonly draft: Draft;
}

function payloadOf({ services, tab }: ActionContext): Payload | undefined {
  if (tab?.kind !== 'endpoint') return undefined;
  return { services, tab, draft: draftOf(services.drafts.getState(), tab.id) };
}

type Enabled = (payload: Payload) => boolean;

/** Returns an action on the payload of the tab in the context. */
function payloadAction(
  id: string,
  label: Action['label'],
  run: (payload: Payload) => void,
  { keys, group, enabled = () => true }: Pick<Action, 'keys' | 'group'> & { readonly enabled?: Enabled } = {},
): Action {
  return {
    id,
    label,
    keys,
    ...(group !== undefined && { group }),
    enabled: (context) => {
      const payload = payloadOf(context);
      return payload !== undefined && enabled(payload);
    },
    run: (context) => {
      const payload = payloadOf(context);
      if (payload) run(payload);
    },
  };
}

function runningRepeat({ services, tab }: Payload): string | undefined {
  const job = repeatOf(services.live.getState(), tab.endpoint);
  return job?.state === 'running' ? job.id : undefined;
}

function canRepeat(payload: Payload): boolean {
  const { services, tab, draft } = payload;
  const live = services.live.getState();
  const endpoint = tab.endpoint === undefined ? undefined : live.endpoints.get(tab.endpoint);
  return !draft.sending && runningRepeat(payload) === undefined && hasTarget(live, endpoint, draft);
}

/** Opens the settings of a repeated send, in the composer. */
function openRepeat({ services, tab }: Payload): void {
  const { settings } = services;
  setLayout(settings, 'composer.open', true);
  services.own(createRepeatPanel).setState({ tab: tab.id });
}

/** Shows or hides the exact bytes, in the composer. */
function showBytes({ services, tab }: Payload): void {
  setLayout(services.settings, 'composer.open', true);
  toggleExactBytes(services, tab.id);
}

function saveAs({ services, tab }: Payload): void {
  showDialog(services.dialogs, { kind: 'save-payload', tab: tab.id, how: 'save' });
}

/** Returns the label of an action on a document; `yaml` if the document is YAML, which is a text payload. */
function documentLabel(usual: string, yaml: string): Action['label'] {
  return (context) => (payloadOf(context)?.draft.format === 'text' ? yaml : usual);
}

/** Returns an action that edits the whole payload, for some formats. */
function editAction(
  id: string,
  label: Action['label'],
  group: string,
  formats: readonly Draft['format'][],
  run: (services: Services, tab: string) => unknown,
): Action {
  return payloadAction(id, label, ({ services, tab }) => void run(services, tab.id), {
    group,
    enabled: ({ draft }) => formats.includes(draft.format) && draft.file === undefined,
  });
}

const queryLabel: Action['label'] = (context) =>
  payloadOf(context)?.draft.format === 'xml' ? texts.queryXml : texts.queryJson;

/** The actions that edit the whole payload, apart from Format. A menu lists those that its format has. */
export const editActions: readonly Action[] = [
  editAction('minify', texts.minify, 'layout', ['json', 'xml', 'hex'], minifyDraft),
  editAction('sort-keys', texts.sortKeys, 'layout', ['json'], sortKeys),
  editAction('query', queryLabel, 'layout', ['json', 'xml'], ({ dialogs }, tab) =>
    showDialog(dialogs, { kind: 'query-payload', tab }),
  ),
  editAction('to-json', documentLabel(texts.toJson, texts.yamlToJson), 'document', ['xml', 'text'], (services, tab) =>
    convertDocument(services, tab, 'json'),
  ),
  editAction('to-xml', documentLabel(texts.toXml, texts.yamlToXml), 'document', ['json', 'text'], (services, tab) =>
    convertDocument(services, tab, 'xml'),
  ),
  editAction('to-yaml', texts.toYaml, 'document', ['json', 'xml'], (services, tab) =>
    convertDocument(services, tab, 'yaml'),
  ),
  editAction('to-hex', texts.toHex, 'bytes', ['json', 'xml', 'text'], (services, tab) =>
    selectFormat(services, tab, 'hex'),
  ),
  editAction('to-text', texts.toText, 'bytes', ['hex'], (services, tab) => selectFormat(services, tab, 'text')),
  editAction('to-base64', texts.toBase64, 'bytes', ['json', 'xml', 'text', 'hex'], encodeBase64),
  editAction('from-base64', texts.fromBase64, 'bytes', ['text'], decodeBase64),
];

/** The actions on the payload of the active tab: send, repeat, format and convert it. */
export const payloadActions: readonly Action[] = [
  payloadAction('send', texts.send, ({ services, tab }) => void sendDraft(services, tab.id, { anyway: false }), {
    keys: 'Mod+Enter',
  }),
  payloadAction('send-once', texts.sendOnce, ({ services, tab }) => void sendOnceAndClose(services, tab.id), {
    enabled: ({ services, tab }) => canSendOnce(services, tab.id),
  }),
  payloadAction('cancel-send', texts.cancelSend, ({ services, tab }) => void cancelSend(services, tab.id), {
    enabled: ({ draft }) => draft.sending !== undefined,
  }),
  payloadAction('repeat', texts.repeat, openRepeat, { enabled: canRepeat }),
  payloadAction(
    'stop-repeat',
    texts.stopRepeat,
    (payload) => void stopJob(payload.services, runningRepeat(payload) ?? ''),
    { enabled: (payload) => runningRepeat(payload) !== undefined },
  ),
  payloadAction('send-file', texts.sendFile, ({ services, tab }) => void selectFileToSend(services, tab.id)),
  payloadAction(
    'send-text',
    texts.sendText,
    ({ services, tab }) => changeDraft(services.drafts, tab.id, { file: undefined, outcome: undefined }),
    { enabled: ({ draft }) => draft.file !== undefined },
  ),
  payloadAction('save-payload', texts.save, ({ services, tab }) => void savePayload(services, tab.id), {
    keys: 'Mod+S',
    enabled: ({ draft }) => draft.file === undefined,
  }),
  payloadAction('save-payload-as', texts.saveAs, saveAs, { enabled: ({ draft }) => draft.file === undefined }),
  payloadAction(
    'rename-payload',
    texts.rename,
    ({ services, tab }) => showDialog(services.dialogs, { kind: 'save-payload', tab: tab.id, how: 'rename' }),
    { enabled: ({ draft }) => draft.document !== undefined },
  ),
  payloadAction('exact-bytes', texts.exactBytes, showBytes, {
    keys: 'Alt+H',
    enabled: ({ draft }) => draft.file === undefined,
  }),
  payloadAction(
    'template',
    texts.template,
    ({ services, tab, draft }) => setTemplate(services, tab.id, !draft.template),
    {
      enabled: ({ draft }) => draft.file === undefined,
    },
  ),
  payloadAction('escapes', texts.escapes, ({ services, tab }) => toggleEscapes(services, tab.id), {
    enabled: ({ draft }) => canEscape(draft),
  }),
  payloadAction('format', texts.format, ({ services, tab }) => formatDraft(services, tab.id), {
    enabled: ({ draft }) => draft.format !== 'text' && draft.file === undefined,
  }),
  ...editActions,
];
