import { CircleX, TriangleAlert } from 'lucide-react';
import { useRef, useState } from 'react';
import { maxProblems, type Problem } from '#shared/payload/problem.ts';
import { Button } from '../../ui/button.tsx';
import { countOf } from '../../ui/figures.ts';
import { Popover } from '../../ui/popover.tsx';
import styles from './composer.module.css';
import { isError } from './use-problems.ts';

interface ProblemListProps {
  readonly problems: readonly Problem[];
  /** Shows the place of a problem in the editor. */
  readonly onGo: (problem: Problem) => void;
}

/** How many problems a payload has, and behind it each of them with its place. */
export function ProblemList({ problems, onGo }: ProblemListProps) {
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const errors = problems.filter(isError).length;
  const warnings = problems.length - errors;
  const counts = [errors > 0 ? countOf(errors, 'error') : '', warnings > 0 ? countOf(warnings, 'warning') : ''];
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
        title="List the problems of the payload"
        onClick={() => setOpen(true)}
      >
        {counts.filter(Boolean).join(', ')}
      </Button>
      <Popover open={open} onClose={() => setOpen(false)} anchor={anchor} label="Problems">
        <ul className={styles.problems}>
          {problems.map((problem) => (
            <li key={`${problem.at} ${problem.message}`}>
              <button type="button" className={styles.problemItem} onClick={() => go(problem)}>
                {isError(problem) ? (
                  <CircleX size={13} role="img" aria-label="Error" className={styles.errorMark} />
                ) : (
                  <TriangleAlert size={13} role="img" aria-label="Warning" className={styles.warningMark} />
                )}
                <span className={styles.problemPlace}>
                  {problem.line}:{problem.column}
                </span>
                <span>{problem.message}</span>
              </button>
            </li>
          ))}
        </ul>
        {problems.length >= maxProblems ? (
          <p className={styles.problemsEnd}>The first {maxProblems} problems are listed.</p>
        ) : null}
      </Popover>
    </>
  );
}
