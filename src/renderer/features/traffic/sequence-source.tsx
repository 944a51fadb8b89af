import type { EndSource } from '#shared/sequence/source.ts';
import { classes, shownText } from '../../ui/text.ts';
import styles from './sequence.module.css';
import { strings } from './strings.ts';

const texts = strings.sequence;

/** The lines that make the calls of both ends, with the current one of each highlighted. */
export function SequenceSource({ sources }: { readonly sources: readonly EndSource[] }) {
  if (sources.length === 0) return null;
  return (
    <section className={styles.source} aria-label={texts.source}>
      {sources.map((source) => (
        <End key={`${source.owner} ${source.file}`} source={source} />
      ))}
    </section>
  );
}

function End({ source: { owner, file, isWaiting, lines } }: { readonly source: EndSource }) {
  return (
    <div className={styles.end}>
      <div className={styles.endHead}>
        <strong>{shownText(owner)}</strong>
        <span className={styles.quiet}>{file === undefined ? texts.generated : shownText(file)}</span>
        {isWaiting ? <span className={styles.waitingMark}>{texts.waiting}</span> : null}
      </div>
      <ol className={styles.lines}>
        {lines.map(({ key, line, text, isCurrent }) => (
          <li
            key={key}
            className={classes(styles.line, isCurrent && styles.current)}
            aria-current={isCurrent ? 'step' : undefined}
          >
            <span className={styles.lineNumber}>{line ?? ''}</span>
            <code>{shownText(text)}</code>
          </li>
        ))}
      </ol>
    </div>
  );
}
