import { previewPieces } from './preview-pieces.ts';
import styles from './traffic-grid.module.css';

/** The beginning of a message on one line, with control characters as highlighted escapes. */
export function Preview({ text }: { readonly text: string }) {
  return previewPieces(text).map(({ at, escaped, shown }) =>
    escaped ? (
      <span key={at} className={styles.control}>
        {shown}
      </span>
    ) : (
      shown
    ),
  );
}
