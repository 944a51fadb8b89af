import { CircleX, TriangleAlert } from 'lucide-react';
import { useRef, useState } from 'react';
import { maxProblems, type Problem } from '#shared/payload/problem.ts';
import { Button } from '../../ui/button.tsx';
import { Popover } from '../../ui/popover.tsx';
import styles from './composer.module.css';
import { strings } from './strings.ts';
import { isError } from './use-problems.ts';

const texts = strings.problems;

interface ProblemListProps {
  readonly problems: readonly Problem[];
  /** Moves the cursor to a problem in the editor. */
  readonly onGo: (problem: Problem) => void;
}

/** The number of problems of a payload, and the list of them with their positions. */
export function ProblemList({ problems, onGo }: ProblemListProps) {
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const errors = problems.filter(isError).length;
  const warnings = problems.length - errors;
  const counts = [errors > 0 ? texts.errors(errors) : '', warnings > 0 ? texts.warnings(warnings) : ''];
  const go = (problem: Problem) => {
    setOpen(false);
    onGo(problem);
  };
  return (
    <>
      <Button
        ref={anchor}
        small
        aria-haspopup="dialog"
        aria-expanded={open}
        title={texts.show}
        onClick={() => setOpen(true)}
      >
        {counts.filter(Boolean).join(', ')}
      </Button>
      <Popover open={open} onClose={() => setOpen(false)} anchor={anchor} label={texts.label}>
        <ul className={styles.problems}>
          {problems.map((problem) => (
            <li key={`${problem.at} ${problem.message}`}>
              <button type="button" className={styles.problemItem} onClick={() => go(problem)}>
                {isError(problem) ? (
                  <CircleX size={13} role="img" aria-label={texts.error} className={styles.errorMark} />
                ) : (
                  <TriangleAlert size={13} role="img" aria-label={texts.warning} className={styles.warningMark} />
                )}
                <span className={styles.problemPlace}>
                  {problem.line}:{problem.column}
                </span>
                <span>{problem.message}</span>
              </button>
            </li>
          ))}
        </ul>
        {problems.length >= maxProblems ? <p className={styles.problemsEnd}>{texts.limit(maxProblems)}</p> : null}
      </Popover>
    </>
  );
}
