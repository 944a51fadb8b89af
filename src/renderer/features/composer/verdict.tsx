import { TriangleAlert } from 'lucide-react';
import { maxCheckedLength } from '#shared/payload/payload.ts';
import type { Problem } from '#shared/payload/problem.ts';
import { type Draft, maxTypedLength } from '../../client/drafts-store.ts';
import { convertPython } from '../../client/send-command.ts';
import { useServices } from '../../client/use-services.ts';
import { Button } from '../../ui/button.tsx';
import styles from './composer.module.css';
import { ProblemList } from './problem-list.tsx';
import { isError, type Problems } from './use-problems.ts';

interface VerdictProps {
  readonly tab: string;
  readonly draft: Draft;
  readonly problems: Problems;
  /** Shows the place of a problem in the editor. */
  readonly onGo: (problem: Problem) => void;
}

/** Whether the payload is what its format says: its first mistake, the list of them all, and what converts it. */
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
            Invalid {format.toUpperCase()}: line {error.line}, column {error.column}: {error.message}
          </span>
        </span>
      ) : format === 'text' ? null : isChecked ? (
        <span>valid {format.toUpperCase()}</span>
      ) : (
        <Unchecked draft={draft} />
      )}
      {list.length > 0 ? <ProblemList problems={list} onGo={onGo} /> : null}
      {isPython ? (
        <span className={styles.python}>
          Looks like a Python dict:
          <Button small onClick={() => void convertPython(services, tab)}>
            Convert to JSON
          </Button>
        </span>
      ) : null}
    </>
  );
}

/** What happens to a payload that is too long to check while it is typed. Of hex, the number of bytes says whether it is valid. */
function Unchecked({ draft: { format, text } }: { readonly draft: Draft }) {
  if (format === 'hex' || text.length <= maxTypedLength) return null;
  return <span>{text.length > maxCheckedLength ? 'too long to check' : 'checked when it is sent'}</span>;
}
