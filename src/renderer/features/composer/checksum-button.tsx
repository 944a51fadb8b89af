import { Sigma } from 'lucide-react';
import { lazy, Suspense } from 'react';
import type { Draft } from '../../state/drafts.ts';
import { PopoverButton } from '../../ui/popover.tsx';
import { classes } from '../../ui/text.ts';
import styles from './composer.module.css';
import { strings } from './strings.ts';
import written from './written.module.css';

const texts = strings.checksum;
const ChecksumSettings = lazy(() => import('./checksum-settings.tsx'));

interface ChecksumButtonProps {
  readonly tab: string;
  readonly checksum: Draft['checksum'];
}

/** Shows the checksum that is appended, and opens its settings. The catalogue is loaded with them. */
export function ChecksumButton({ tab, checksum }: ChecksumButtonProps) {
  const shown = checksum?.spec ?? '';
  return (
    <PopoverButton
      variant="ghost"
      className={classes(written.button, shown !== '' && written.on)}
      aria-label={shown === '' ? texts.add : texts.appended(shown)}
      title={shown === '' ? texts.add : texts.appended(shown)}
      align="end"
      panelLabel={texts.label}
      panel={() => (
        <Suspense fallback={<p className={written.loading}>{texts.loading}</p>}>
          <ChecksumSettings tab={tab} checksum={checksum} />
        </Suspense>
      )}
    >
      <Sigma size={14} aria-hidden />
      <span className={shown === '' ? styles.label : written.name}>{shown === '' ? texts.button : shown}</span>
    </PopoverButton>
  );
}
