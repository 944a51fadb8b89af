import type { StateWord } from '#shared/socket/state.ts';
import styles from './state-mark.module.css';
import { classes } from './text.ts';

interface StateMarkProps {
  readonly state: StateWord;
  /** Shows the word beside the shape; otherwise it is the shape's accessible name. */
  readonly word?: boolean;
}

/** A state shown as a shape, a colour and a word; never as a colour alone. */
export function StateMark({ state, word = false }: StateMarkProps) {
  return (
    <span className={classes(styles.mark, styles[state])}>
      <svg
        width="10"
        height="10"
        viewBox="0 0 10 10"
        role={word ? 'presentation' : 'img'}
        aria-label={word ? undefined : state}
        aria-hidden={word || undefined}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.6"
      >
        {word ? null : <title>{state}</title>}
        <Shape state={state} />
      </svg>
      {word ? <span className={styles.word}>{state}</span> : null}
    </span>
  );
}

function Shape({ state }: { state: StateWord }) {
  switch (state) {
    case 'listening':
    case 'bound':
      return (
        <>
          <circle cx="5" cy="5" r="4" />
          <circle cx="5" cy="5" r="1.6" fill="currentColor" stroke="none" />
        </>
      );
    case 'connected':
      return <circle cx="5" cy="5" r="4.4" fill="currentColor" stroke="none" />;
    case 'connecting':
    case 'opening':
      return <circle cx="5" cy="5" r="4" strokeDasharray="2.2 2" />;
    case 'waiting':
      return (
        <>
          <circle cx="5" cy="5" r="4" />
          <path d="M5 2.6V5l1.7 1.2" strokeWidth="1.3" />
        </>
      );
    case 'half-closed':
      return (
        <>
          <circle cx="5" cy="5" r="4" />
          <path d="M5 1a4 4 0 0 0 0 8z" fill="currentColor" stroke="none" />
        </>
      );
    case 'idle':
    case 'closed':
      return <circle cx="5" cy="5" r="4" />;
    case 'reset':
      return <path d="M5 0.8 9.2 5 5 9.2 0.8 5z" fill="currentColor" stroke="none" />;
    case 'failed':
      return <path d="M1.6 1.6l6.8 6.8M8.4 1.6 1.6 8.4" strokeWidth="2" />;
  }
}
