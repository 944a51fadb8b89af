import { useMemo } from 'react';
import { useStore } from 'zustand/react';
import { type LineEnd, lineEndOf, withLineEnd } from '#shared/payload/line-ends.ts';
import { changeDraft, type Draft, draftOf } from '../../state/drafts.ts';
import { type Services, useServices } from '../../state/services.ts';
import { Button } from '../../ui/button.tsx';
import { LineEndField } from '../../ui/exact-text-field.tsx';
import { CheckField, SelectField } from '../../ui/field.tsx';
import styles from './composer.module.css';
import { strings } from './strings.ts';
import {
  canEscape,
  createEscapesView,
  type EncodingChoice,
  encodingChoiceOf,
  encodingChoices,
  selectEncoding,
  toggleEscapes,
} from './written-payload.ts';

/** Returns the line end of a draft: that of its lines or, if it has only one line, the one that Enter inserts. */
function shownLineEnd({ text, lineEnd }: Pick<Draft, 'text' | 'lineEnd'>): LineEnd | 'mixed' {
  return lineEndOf(text) ?? lineEnd;
}

/** Changes all line ends of a tab's draft to `lineEnd`, and uses it for new lines. */
function selectLineEnd(services: Services, tab: string, lineEnd: LineEnd): void {
  const { text } = draftOf(services.drafts.getState(), tab);
  rewrite(services, tab, { text: withLineEnd(text, lineEnd), lineEnd });
}

/** Changes the line ends as an edit that can be undone. */
function rewrite(
  { drafts }: Services,
  tab: string,
  change: Pick<Draft, 'text'> & Partial<Pick<Draft, 'lineEnd'>>,
): void {
  const before = draftOf(drafts.getState(), tab);
  const isSame = change.text === before.text;
  const edit = isSame ? {} : { changed: true, outcome: undefined, revision: before.revision + 1 };
  changeDraft(drafts, tab, { ...change, ...edit });
}

/** The fields for the line ends and the encoding with which a payload is sent. */
function WrittenAs({ tab, draft }: { readonly tab: string; readonly draft: Draft }) {
  const services = useServices();
  const { text, lineEnd } = draft;
  const shown = useMemo(() => shownLineEnd({ text, lineEnd }), [text, lineEnd]);
  return (
    <>
      <LineEndField
        className={styles.written}
        mixedTitle={strings.status.mixedLineEnds}
        value={shown}
        onChange={(next) => selectLineEnd(services, tab, next)}
      />
      <SelectField<EncodingChoice>
        label={strings.encoding.label}
        hideLabel
        title={strings.encoding.title}
        className={styles.written}
        value={encodingChoiceOf(draft)}
        options={encodingChoices}
        onChange={(next) => selectEncoding(services, tab, next)}
      />
    </>
  );
}

/** The start of a template's output, at the end of a line or before a name: other texts with two braces are common. */
const outputStart = /\{\{[-\s]*(?:[a-z_"']|$)/im;

/** Makes a payload a template, or an ordinary payload again. */
export function setTemplate({ drafts }: Pick<Services, 'drafts'>, tab: string, template: boolean): void {
  changeDraft(drafts, tab, { template, changed: true, outcome: undefined });
}

interface SwitchProps {
  readonly tab: string;
  readonly draft: Draft;
}

/** Offers to make a payload a template where its text looks like one. */
export function TemplateOffer({ tab, draft }: SwitchProps) {
  const services = useServices();
  const { template, text } = draft;
  const isOffered = useMemo(() => !template && outputStart.test(text.slice(0, 65_536)), [template, text]);
  if (!isOffered) return null;
  return (
    <span className={styles.python}>
      {strings.template.found}
      <Button small onClick={() => setTemplate(services, tab, true)}>
        {strings.template.use}
      </Button>
    </span>
  );
}

/** How a payload is written: the switches for escapes and for a template, its line ends and its encoding. */
export function PayloadSwitches({ tab, draft }: SwitchProps) {
  const services = useServices();
  const isEscaped = useStore(services.own(createEscapesView), ({ tabs }) => tabs.has(tab));
  return (
    <>
      {canEscape(draft) ? (
        <span title={strings.escapes.help}>
          <CheckField label={strings.escapes.label} checked={isEscaped} onChange={() => toggleEscapes(services, tab)} />
        </span>
      ) : null}
      <span title={strings.template.help}>
        <CheckField
          label={strings.template.label}
          checked={draft.template}
          onChange={(next) => setTemplate(services, tab, next)}
        />
      </span>
      {draft.format === 'hex' ? null : <WrittenAs tab={tab} draft={draft} />}
    </>
  );
}
