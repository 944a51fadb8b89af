import { TriangleAlert } from 'lucide-react';
import { maxCheckedLength } from '#shared/payload/payload.ts';
import type { Problem } from '#shared/payload/problem.ts';
import { type Draft, maxTypedLength } from '../../client/drafts-store.ts';
import { convertPython } from '../../client/send-command.ts';
import { useServices } from '../../client/use-services.ts';
import { Button } from '../../ui/button.tsx';
import styles from './composer.module.css';
import { ProblemList } from './problem-list.tsx';
import { strings } from './strings.ts';
import { isError, type Problems } from './use-problems.ts';

const texts = strings.status;

interface VerdictProps {
  readonly tab: string;
  readonly draft: Draft;
  readonly problems: Problems;
  /** Moves the cursor to a problem in the editor. */
  readonly onGo: (problem: Problem) => void;
}

/** Whether the payload is valid in its format: the first error, the list of problems, and the conversion of a Python dict. */
export function Verdict({ tab, draft, problems: { list, isChecked, isPython }, onGo }: VerdictProps) {
  const services = useServices();
  const { format } = draft;
  const error = list.find(isError);
  return (
    <>
      {error ? (
        <span className={styles.problem} role="alert">
          <TriangleAlert size={13} aria-hidden />
          <span className={styles.problemText} title={error.message}>
            {texts.invalid(format, error.line, error.column, error.message)}
          </span>
        </span>
      ) : format === 'text' ? null : isChecked ? (
        <span>{texts.valid(format)}</span>
      ) : (
        <Unchecked draft={draft} />
      )}
      {list.length > 0 ? <ProblemList problems={list} onGo={onGo} /> : null}
      {isPython ? (
        <span className={styles.python}>
          {texts.python}
          <Button small onClick={() => void convertPython(services, tab)}>
            {texts.convert}
          </Button>
        </span>
      ) : null}
    </>
  );
}

/** Says when a payload that is too long to check during typing is checked. For hex, the number of bytes shows validity. */
function Unchecked({ draft: { format, text } }: { readonly draft: Draft }) {
  if (format === 'hex' || text.length <= maxTypedLength) return null;
  return <span>{text.length > maxCheckedLength ? texts.tooLong : texts.checkedLater}</span>;
}
