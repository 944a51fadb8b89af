import { type ComponentType, Suspense } from 'react';
import { decodeUtf8 } from '#shared/bytes/text.ts';
import { byteCount } from '#shared/bytes/units.ts';
import { hexLines } from '#shared/payload/payload.ts';
import { Empty } from '../../ui/fallback.tsx';
import styles from './history.module.css';
import { strings } from './strings.ts';

const texts = strings.comparison;

/** Longer messages are not compared. */
export const maxComparedBytes = 1_048_576;

/** Two messages to compare, and what they are. */
export interface Compared {
  readonly original: Uint8Array;
  readonly originalLabel: string;
  readonly modified: Uint8Array;
  readonly modifiedLabel: string;
}

/** What the editor of differences shows: two texts, read-only. */
export interface DiffProps {
  readonly original: string;
  readonly originalLabel: string;
  readonly modified: string;
  readonly modifiedLabel: string;
}

interface ComparedTexts {
  readonly form: 'text' | 'hex';
  readonly original: string;
  readonly modified: string;
}

/** Returns two messages as texts to compare: as UTF-8 if both are text without NUL, else both in hex; `undefined` if they are equal. */
export function comparedTexts(original: Uint8Array, modified: Uint8Array): ComparedTexts | undefined {
  const isEqual = original.length === modified.length && original.every((byte, at) => byte === modified[at]);
  if (isEqual) return undefined;
  const [one, other] = [decodeUtf8(original), decodeUtf8(modified)];
  const isText = one !== undefined && other !== undefined && !one.includes('\0') && !other.includes('\0');
  if (isText) return { form: 'text', original: one, modified: other };
  return { form: 'hex', original: hexLines(original), modified: hexLines(modified) };
}

/** Two messages side by side, or that they are equal. */
export function Comparison({
  compared,
  Diff,
}: {
  readonly compared: Compared;
  readonly Diff: ComponentType<DiffProps>;
}) {
  const { original, originalLabel, modified, modifiedLabel } = compared;
  const shown = comparedTexts(original, modified);
  const sizes = [byteCount(original.length), byteCount(modified.length)] as const;
  return (
    <section className={styles.comparison} aria-label={texts.label}>
      <p className={styles.sides}>
        <span>
          {originalLabel} <span className={styles.size}>{sizes[0]}</span>
        </span>
        <span>
          {modifiedLabel} <span className={styles.size}>{sizes[1]}</span>
        </span>
      </p>
      {shown ? (
        <>
          {shown.form === 'hex' ? <p className={styles.note}>{texts.inHex}</p> : null}
          <div className={styles.diff}>
            <Suspense>
              <Diff
                original={shown.original}
                originalLabel={originalLabel}
                modified={shown.modified}
                modifiedLabel={modifiedLabel}
              />
            </Suspense>
          </div>
        </>
      ) : (
        <Empty title={texts.equal} />
      )}
    </section>
  );
}
