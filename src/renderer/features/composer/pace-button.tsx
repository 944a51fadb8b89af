import { Gauge } from 'lucide-react';
import { useRef, useState } from 'react';
import { changeDraft, noPace, type PaceForm, paceText, readPace } from '../../state/drafts.ts';
import { useServices } from '../../state/services.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Popover } from '../../ui/popover.tsx';
import styles from './composer.module.css';
import { strings } from './strings.ts';

const texts = strings.timing;

interface PaceButtonProps {
  readonly tab: string;
  readonly pace: PaceForm;
}

const fields: readonly { readonly field: keyof PaceForm; readonly label: string; readonly help: string }[] = [
  { field: 'bytesPerSecond', label: texts.rate, help: texts.rateHelp },
  { field: 'chunkBytes', label: texts.chunk, help: texts.chunkHelp },
  { field: 'splits', label: texts.splits, help: texts.splitsHelp },
  { field: 'delayMs', label: texts.delay, help: texts.delayHelp },
];

/** The button that shows the send timing, and its form: rate limit, chunk size, split offsets and delay. */
export function PaceButton({ tab, pace }: PaceButtonProps) {
  const { drafts } = useServices();
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const read = readPace(pace);
  const shown = read.ok && !read.pace ? texts.immediate : paceText(pace);
  const change = (next: Partial<PaceForm>) => changeDraft(drafts, tab, { pace: { ...pace, ...next } });
  return (
    <>
      <Button
        ref={anchor}
        variant={read.ok ? 'ghost' : 'danger'}
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-label={texts.button(shown)}
        title={texts.title}
        onClick={() => setOpen(true)}
      >
        <Gauge size={14} aria-hidden />
        <span className={styles.pace}>{shown}</span>
      </Button>
      <Popover open={open} onClose={() => setOpen(false)} anchor={anchor} align="end" label={texts.label}>
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
            {texts.reset}
          </Button>
        </div>
      </Popover>
    </>
  );
}
