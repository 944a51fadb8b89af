import { useMemo, useState } from 'react';
import type { Selection } from '../../client/selection-store.ts';
import { Button } from '../../ui/button.tsx';
import { FailureBox } from '../../ui/failure-box.tsx';
import { bytesText, countOf } from '../../ui/figures.ts';
import styles from './inspector.module.css';
import { textSegments } from './text-segments.ts';
import { usePayload } from './use-payload.ts';

const step = 256 * 1_024;
const most = 4 * 1_048_576;

/** The message as UTF-8, what is not UTF-8 marked. Always text, never markup. */
export function TextView({ selection }: { readonly selection: Selection }) {
  const [limit, setLimit] = useState(step);
  const payload = usePayload(selection.session, selection.row.seq, limit);
  const segments = useMemo(() => (payload ? textSegments(payload.bytes) : []), [payload]);
  const invalid = segments.filter(({ kind }) => kind === 'invalid').length;
  if (!payload) return null;
  if (payload.failure) return <FailureBox failure={payload.failure} />;
  const shown = payload.bytes.length;
  return (
    <div className={styles.column}>
      <pre className={styles.pre}>
        {segments.map((segment) =>
          segment.kind === 'text' ? (
            segment.text
          ) : (
            <mark key={segment.at} className={styles[segment.kind]} title={segment.title}>
              {segment.text}
            </mark>
          ),
        )}
      </pre>
      <div className={styles.foot}>
        <span>
          {shown < payload.total ? `${bytesText(shown)} of ${bytesText(payload.total)}` : countOf(shown, 'byte')}
          {invalid > 0 ? `, ${countOf(invalid, 'place')} not UTF-8` : ', UTF-8'}
        </span>
        {shown < payload.total && limit < most ? (
          <Button small onClick={() => setLimit(Math.min(limit * 4, most))}>
            Show more
          </Button>
        ) : null}
        {shown < payload.total && limit >= most ? <span>Hex shows the rest.</span> : null}
      </div>
    </div>
  );
}
