import { File, Send, X } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useStore } from 'zustand/react';
import type { PayloadFormat } from '#shared/payload/payload.ts';
import type { PickedFile } from '../../bridge/transport.ts';
import { showDialog } from '../../state/dialogs.ts';
import { changeDraft, type Draft, draftOf } from '../../state/drafts.ts';
import { useLive, useServices } from '../../state/services.ts';
import type { EndpointTab } from '../../state/tabs.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { SelectField } from '../../ui/field.tsx';
import paneStyles from '../../ui/pane.module.css';
import { classes, shownText } from '../../ui/text.ts';
import { ChecksumButton } from './checksum-button.tsx';
import styles from './composer.module.css';
import { ComposerFoot } from './composer-foot.tsx';
import { ComparedVersions, ConflictBar } from './conflict-bar.tsx';
import type { TextScale } from './editor-scale.ts';
import { canSendOnce, sendOnceAndClose } from './one-shot.tsx';
import { PaceButton } from './pace-button.tsx';
import { formatDraft, selectFormat } from './payload-commands.ts';
import { EditMenu, PayloadMenu } from './payload-menus.tsx';
import { isError, useDraftProblems } from './problems.tsx';
import { RepeatButton } from './repeat.tsx';
import { hasTarget, repeatOf, sendDraft } from './send-command.ts';
import { strings } from './strings.ts';
import { TargetPicker } from './target-picker.tsx';
import { canEscape, createEscapesView, goTo } from './written-payload.ts';

const formats: readonly { readonly value: PayloadFormat; readonly label: string }[] = [
  { value: 'json', label: strings.json },
  { value: 'xml', label: strings.xml },
  { value: 'text', label: strings.text },
  { value: 'hex', label: strings.hex },
];

interface ComposerBarProps {
  readonly tab: EndpointTab;
  /** The payload is invalid in its format. */
  readonly isInvalid: boolean;
}

/** The format and the source of the payload, its target, and the Send button. */
export function ComposerBar({ tab, isInvalid }: ComposerBarProps) {
  const services = useServices();
  const { drafts } = services;
  const draft = useStore(drafts, (state) => draftOf(state, tab.id));
  const endpoint = useLive(({ endpoints }) => (tab.endpoint === undefined ? undefined : endpoints.get(tab.endpoint)));
  const canGo = useLive((live) => hasTarget(live, endpoint, draft));
  const repeat = useLive((live) => repeatOf(live, tab.endpoint));
  const isOffered = useLive(() => canSendOnce(services, tab.id));
  const canGoAnyway = isInvalid && draft.format !== 'hex' && !draft.file;
  const isSending = draft.sending !== undefined;
  const send = (anyway: boolean) => void sendDraft(services, tab.id, { anyway });
  return (
    <div role="group" aria-label={strings.send} className={classes(paneStyles.bar, styles.bar)}>
      <SelectField
        label={strings.formatLabel}
        hideLabel
        className={styles.format}
        data-focus="format"
        value={draft.format}
        options={formats}
        onChange={(format) => void selectFormat(services, tab.id, format)}
      />
      <PayloadMenu tab={tab.id} />
      {draft.file ? <FileChip tab={tab.id} file={draft.file} /> : <PayloadName tab={tab.id} draft={draft} />}
      <div className={styles.actions}>
        <TargetPicker tab={tab} endpoint={endpoint} draft={draft} />
        <Button
          className={canGoAnyway ? styles.unformattable : styles.formatter}
          disabled={draft.format === 'text' || draft.file !== undefined}
          onClick={() => formatDraft(services, tab.id)}
        >
          {strings.format}
        </Button>
        <EditMenu disabled={draft.file !== undefined} />
        {canGoAnyway ? (
          <Button
            variant="danger"
            className={styles.sometimes}
            disabled={isSending || !canGo}
            onClick={() => send(true)}
          >
            {strings.sendAnyway}
          </Button>
        ) : null}
        {draft.file ? null : <ChecksumButton tab={tab.id} checksum={draft.checksum} />}
        {isOffered && !canGoAnyway ? (
          <Button
            className={styles.sometimes}
            title={strings.oneShot.title}
            onClick={() => void sendOnceAndClose(services, tab.id)}
          >
            {strings.oneShot.button}
          </Button>
        ) : null}
        <PaceButton tab={tab.id} pace={draft.pace} />
        <RepeatButton
          tab={tab.id}
          form={draft.repeat}
          job={repeat}
          canSend={canGo && !isSending}
          isInvalid={canGoAnyway}
        />
        <Button
          variant="primary"
          data-focus="send"
          title={strings.sendKeys}
          disabled={isSending || !canGo}
          onClick={() => send(false)}
        >
          <Send size={14} aria-hidden className={styles.sendIcon} /> {draft.file ? strings.sendFile : strings.send}
        </Button>
      </div>
    </div>
  );
}

/** The name of the payload, with a dot while it is not saved. Renames the document, or saves the payload in one. */
function PayloadName({ tab, draft }: { readonly tab: string; readonly draft: Draft }) {
  const { dialogs } = useServices();
  const { name, document, changed, conflict } = draft;
  const isDocument = document !== undefined;
  const help = isDocument ? strings.renameHelp(shownText(document)) : strings.saveAsHelp;
  return (
    <Button
      variant="ghost"
      className={styles.name}
      title={changed ? `${strings.changedHelp} ${help}` : help}
      onClick={() => showDialog(dialogs, { kind: 'save-payload', tab, how: isDocument ? 'rename' : 'save' })}
    >
      <span className={styles.nameText}>{shownText(name)}</span>
      {changed || conflict ? <span className={styles.dot} role="img" aria-label={strings.changed} /> : null}
    </Button>
  );
}

/** The file that is sent instead of the text, and the button that returns to the text. */
function FileChip({ tab, file }: { readonly tab: string; readonly file: PickedFile }) {
  const { drafts } = useServices();
  return (
    <span className={styles.file} title={file.name}>
      <File size={13} aria-hidden />
      <span className={styles.fileName}>{file.name}</span>
      <IconButton
        small
        label={strings.sendText}
        onClick={() => changeDraft(drafts, tab, { file: undefined, outcome: undefined })}
      >
        <X size={13} aria-hidden />
      </IconButton>
    </span>
  );
}

const EscapesEditor = lazy(() => import('./escapes-editor.tsx'));
const PayloadEditor = lazy(() => import('./payload-editor.tsx'));

/** The pane in which the user edits and sends a payload. */
export function Composer({ tab }: { readonly tab: EndpointTab }) {
  const services = useServices();
  const { drafts, own } = services;
  const draft = useStore(drafts, (state) => draftOf(state, tab.id));
  const problems = useDraftProblems(tab, draft);
  const isEscaped = useStore(own(createEscapesView), ({ tabs }) => tabs.has(tab.id)) && canEscape(draft);
  const [scale, setScale] = useState<TextScale>('short');
  const [comparing, setComparing] = useState(false);
  const isCompared = comparing && draft.conflict?.theirs !== undefined;
  return (
    <div className={classes(paneStyles.pane, styles.composer)}>
      <ComposerBar tab={tab} isInvalid={problems.list.some(isError) && !problems.written?.isUnsendable} />
      <ConflictBar tab={tab.id} draft={draft} comparing={isCompared} onCompare={setComparing} />
      {isCompared ? <ComparedVersions draft={draft} /> : null}
      <section className={styles.editor} aria-label={strings.payload} hidden={isCompared}>
        <Suspense fallback={<Fallback text={draft.text} />}>
          {isEscaped ? (
            <EscapesEditor key={tab.id} tab={tab.id} />
          ) : (
            <PayloadEditor tab={tab.id} problems={problems.list} onScale={setScale} />
          )}
        </Suspense>
      </section>
      <ComposerFoot tab={tab} scale={scale} problems={problems} onGo={(problem) => goTo(services, tab.id, problem)} />
    </div>
  );
}

/** The text, shown while the editor loads. */
function Fallback({ text }: { readonly text: string }) {
  const { drafts } = useServices();
  useStore(drafts, (state) => state.byTab);
  return <pre className={styles.fallback}>{text}</pre>;
}
