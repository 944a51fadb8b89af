import { Gauge } from 'lucide-react';
import { changeDraft, noPace, type PaceForm } from '../../state/drafts.ts';
import { useServices } from '../../state/services.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { PopoverButton } from '../../ui/popover.tsx';
import styles from './composer.module.css';
import { paceText, readPace } from './send-forms.ts';
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
  const read = readPace(pace);
  const shown = read.ok && !read.pace ? texts.immediate : paceText(pace);
  return (
    <PopoverButton
      variant={read.ok ? 'ghost' : 'danger'}
      aria-label={texts.button(shown)}
      title={texts.title}
      align="end"
      panelLabel={texts.label}
      panel={() => <PaceSettings tab={tab} pace={pace} />}
    >
      <Gauge size={14} aria-hidden />
      <span className={read.ok && !read.pace ? styles.label : styles.pace}>{shown}</span>
    </PopoverButton>
  );
}

function PaceSettings({ tab, pace }: PaceButtonProps) {
  const { drafts } = useServices();
  const read = readPace(pace);
  const change = (next: Partial<PaceForm>) => changeDraft(drafts, tab, { pace: { ...pace, ...next } });
  return (
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
  );
}
