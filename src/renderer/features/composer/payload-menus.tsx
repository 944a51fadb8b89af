import { ChevronDown, FileText } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { Sample } from '#shared/contract/models.ts';
import { canRun, contextOf, listed } from '../../state/action.ts';
import { showPayload } from '../../state/payload-documents.ts';
import { useServices } from '../../state/services.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Menu } from '../../ui/popover.tsx';
import styles from './composer.module.css';
import { documentStrings } from './document-strings.ts';
import { editActions } from './payload-actions.ts';
import { selectFileToSend } from './send-command.ts';
import { strings } from './strings.ts';

/** The menu of the edits that the format of the payload has. */
export function EditMenu({ disabled }: { readonly disabled: boolean }) {
  const services = useServices();
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const context = contextOf(services);
  return (
    <>
      <IconButton
        ref={anchor}
        label={documentStrings.edits.label}
        aria-haspopup="menu"
        aria-expanded={open}
        disabled={disabled}
        onClick={() => setOpen(true)}
      >
        <ChevronDown size={14} aria-hidden />
      </IconButton>
      <Menu
        open={open}
        onClose={() => setOpen(false)}
        anchor={anchor}
        label={documentStrings.edits.label}
        items={listed(
          editActions.filter((action) => canRun(action, context)),
          context,
        )}
      />
    </>
  );
}

/** The menu of payload sources: samples, or a file of any size. */
export function PayloadMenu({ tab }: { readonly tab: string }) {
  const services = useServices();
  const { client } = services;
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const [samples, setSamples] = useState<readonly Sample[]>([]);
  useEffect(() => {
    void client.call('samples.list', {}).then((result) => {
      if (result.ok) setSamples(result.value);
    });
  }, [client]);
  return (
    <>
      <Button
        ref={anchor}
        variant="ghost"
        className={styles.samples}
        aria-label={strings.samples}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(true)}
      >
        <FileText size={14} aria-hidden /> <span className={styles.label}>{strings.samples}</span>
      </Button>
      <Menu
        open={open}
        onClose={() => setOpen(false)}
        anchor={anchor}
        label={strings.samples}
        items={[
          ...samples.map(({ name, format, text }) => ({
            id: name,
            label: name,
            detail: format,
            run: () => showPayload(services, tab, { name, format, text }),
          })),
          {
            id: 'file',
            label: strings.pickFile,
            detail: strings.pickFileHelp,
            ruled: true,
            run: () => void selectFileToSend(services, tab),
          },
        ]}
      />
    </>
  );
}
