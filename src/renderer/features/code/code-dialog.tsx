import { useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand/react';
import { languageOf } from '#shared/code/catalogue.ts';
import { type LanguageName, languageNames } from '#shared/code/program.ts';
import type { Role } from '#shared/endpoint/options/option.ts';
import { closeDialog } from '../../state/dialogs.ts';
import { type Draft, draftOf } from '../../state/drafts.ts';
import { useLive, useServices } from '../../state/services.ts';
import { type EndpointTab, endpointTabOf } from '../../state/tabs.ts';
import { Button, CopyButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureBox } from '../../ui/fallback.tsx';
import { SelectField } from '../../ui/field.tsx';
import styles from './code.module.css';
import { endpointProgram, makePayload, needsMaking } from './endpoint-program.ts';
import { codeParts } from './highlight.ts';
import { strings } from './strings.ts';

/** Shows a program for the endpoint of a tab, to copy or to save. */
export function CodeDialog({ tab: id }: { readonly tab: string }) {
  const { tabs } = useServices();
  const tab = useStore(tabs, (state) => endpointTabOf(state, id));
  return tab ? <TabProgram tab={tab} /> : null;
}

const languages = languageNames.map((value) => ({ value, label: languageOf(value).label }));
const sides: readonly { readonly value: Role; readonly label: string }[] = [
  { value: 'client', label: strings.client },
  { value: 'server', label: strings.server },
];

function TabProgram({ tab }: { readonly tab: EndpointTab }) {
  const { dialogs, drafts } = useServices();
  const view = useLive((live) => (tab.endpoint === undefined ? undefined : live.endpoints.get(tab.endpoint)));
  const draft = useStore(drafts, (state) => draftOf(state, tab.id));
  const [language, setLanguage] = useState<LanguageName>('python');
  // The program that a user lacks: the peer of a server, or the client itself, which sends the payload.
  const [side, setSide] = useState<Role>('client');
  const made = useMadePayload(draft);
  const program = useMemo(
    () => endpointProgram({ tab, view, draft, made, language, side }),
    [tab, view, draft, made, language, side],
  );
  const close = () => closeDialog(dialogs);
  return (
    <Dialog
      title={strings.title}
      className={styles.dialog}
      onClose={close}
      actions={
        <>
          {program?.ok ? (
            <>
              <CopyButton label={strings.copy} text={program.value.text} shown />
              <Button onClick={() => save(program.value)}>{strings.save}</Button>
            </>
          ) : null}
          <Button variant="primary" onClick={close}>
            {strings.close}
          </Button>
        </>
      }
    >
      <div className={styles.fields}>
        <SelectField label={strings.language} value={language} options={languages} onChange={setLanguage} />
        <SelectField label={strings.side} value={side} options={sides} onChange={setSide} />
      </div>
      <p className={styles.note}>{strings.note[side]}</p>
      {program?.ok ? (
        <section className={styles.code} aria-label={strings.code(program.value.fileName)}>
          {codeParts(language, program.value.text).map(({ kind, text, at }) => (
            <span key={at} className={kind === 'plain' ? undefined : styles[kind]}>
              {text}
            </span>
          ))}
        </section>
      ) : program ? (
        <FailureBox failure={program.error} />
      ) : (
        <p className={styles.note}>{strings.making}</p>
      )}
    </Dialog>
  );
}

/** Returns the payload of a draft as the main process makes it; `undefined` for a draft that does not need it, and until it is made. */
function useMadePayload(draft: Draft) {
  const services = useServices();
  const [found, setFound] = useState<{
    readonly draft: Draft;
    readonly made: Awaited<ReturnType<typeof makePayload>>;
  }>();
  useEffect(() => {
    if (!needsMaking(draft)) return;
    let isCurrent = true;
    void makePayload(services, draft).then((made) => {
      if (isCurrent) setFound({ draft, made });
    });
    return () => {
      isCurrent = false;
    };
  }, [services, draft]);
  return found?.draft === draft ? found.made : undefined;
}

/** Has the browser download the program; the desktop app asks for the place. */
function save({ text, fileName }: { readonly text: string; readonly fileName: string }): void {
  const link = document.createElement('a');
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  link.href = url;
  link.download = fileName;
  link.click();
  // The download has a reference to the data by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
