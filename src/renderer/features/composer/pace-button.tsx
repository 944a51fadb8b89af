import { Gauge } from 'lucide-react';
import { useRef, useState } from 'react';
import { changeDraft } from '../../client/drafts-store.ts';
import { noPace, type PaceForm, paceText, readPace } from '../../client/pace-form.ts';
import { useServices } from '../../client/use-services.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Popover } from '../../ui/popover.tsx';
import styles from './composer.module.css';

interface PaceButtonProps {
  readonly tab: string;
  readonly pace: PaceForm;
}

const fields: readonly { readonly field: keyof PaceForm; readonly label: string; readonly help: string }[] = [
  { field: 'bytesPerSecond', label: 'Bytes per second', help: 'At most so many; empty: as fast as send() takes them.' },
  {
    field: 'chunkBytes',
    label: 'Pieces of (bytes)',
    help: 'Each its own send(): the peer’s recv() may see them apart.',
  },
  { field: 'splits', label: 'Split at', help: 'Places in the message where a new send() begins: 4, 10.' },
  { field: 'delayMs', label: 'Between pieces (ms)', help: 'How long to wait before the next send().' },
];

/** How fast a message goes, and in which pieces: said on the button, chosen behind it. */
export function PaceButton({ tab, pace }: PaceButtonProps) {
  const { drafts } = useServices();
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const read = readPace(pace);
  const change = (next: Partial<PaceForm>) => changeDraft(drafts, tab, { pace: { ...pace, ...next } });
  return (
    <>
      <Button
        ref={anchor}
        variant={read.ok ? 'ghost' : 'danger'}
        aria-haspopup="dialog"
        aria-expanded={open}
        title="Pace: how fast, and in which pieces"
        onClick={() => setOpen(true)}
      >
        <Gauge size={14} aria-hidden />
        <span className={styles.pace}>{paceText(pace)}</span>
      </Button>
      <Popover open={open} onClose={() => setOpen(false)} anchor={anchor} align="end" label="Pace">
        <div className={styles.paceForm}>
          {fields.map(({ field, label, help }) => (
            <TextField
              key={field}
              row
              mono
              label={label}
              help={help}
              inputMode={field === 'splits' ? undefined : 'numeric'}
              value={pace[field]}
              error={read.ok ? undefined : read.errors[field]}
              onChange={(value) => change({ [field]: value })}
            />
          ))}
          <Button disabled={pace === noPace} onClick={() => changeDraft(drafts, tab, { pace: noPace })}>
            Clear: send all at once
          </Button>
        </div>
      </Popover>
    </>
  );
}
