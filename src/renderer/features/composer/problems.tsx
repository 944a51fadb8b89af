import { CircleX, TriangleAlert } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { maxCheckedLength, type PayloadFormat } from '#shared/payload/payload.ts';
import { maxProblems, type Problem } from '#shared/payload/problem.ts';
import { isPlainText } from '#shared/socket/transports.ts';
import { type Draft, maxTypedLength } from '../../state/drafts.ts';
import { useServices } from '../../state/services.ts';
import type { EndpointTab } from '../../state/tabs.ts';
import { Button } from '../../ui/button.tsx';
import { Popover } from '../../ui/popover.tsx';
import type { ByteCheck } from './check-bytes.ts';
import type { CheckRequest, PayloadCheck } from './check-payload.ts';
import styles from './composer.module.css';
import { convertPython } from './payload-commands.ts';
import { checkBeside, quickLength } from './payload-threads.ts';
import listStyles from './problems.module.css';
import { strings } from './strings.ts';
import { useByteCheck } from './use-byte-check.ts';

export interface Problems extends PayloadCheck {
  /** The text has been checked: the checks are loaded, the text is not too long, and the user has paused if it is long. */
  readonly isChecked: boolean;
  /** The bytes of a payload that is not sent as the bytes of its text; their problems are in `list`. */
  readonly written?: ByteCheck | undefined;
}

/** A long text is checked after a pause in typing. */
const pauseMs = 300;

const none: Problems = { list: [], isChecked: false, isPython: false };

/** Returns the problems of a payload; none until the checks are loaded, which happens on first use. */
export function useProblems(format: PayloadFormat, text: string): Problems {
  const check = useQuickCheck();
  const found = useLongCheck(format, text);
  return useMemo(() => {
    if (text.length > quickLength) return found ? { ...found, isChecked: true } : none;
    return check ? { ...check({ format, text }), isChecked: true } : none;
  }, [check, format, text, found]);
}

/** Returns the problems of a draft in its format, or those of its template, and those of its bytes. */
export function useDraftProblems(tab: EndpointTab, draft: Draft): Problems {
  const { format, text, template } = draft;
  // A template is not yet a document.
  const found = useProblems(template ? 'text' : format, text);
  const written = useByteCheck(tab, draft);
  return useMemo(() => {
    if (!written) return found;
    const list = [...found.list, ...written.problems].sort((one, other) => one.at - other.at);
    return { ...found, list, written };
  }, [found, written]);
}

/** Returns the check of a short text, once it is loaded. */
function useQuickCheck(): ((request: CheckRequest) => PayloadCheck) | undefined {
  const [check, setCheck] = useState<(request: CheckRequest) => PayloadCheck>();
  useEffect(() => {
    let isUnmounted = false;
    void import('./check-payload.ts').then(({ checkPayload }) => {
      if (!isUnmounted) setCheck(() => checkPayload);
    });
    return () => {
      isUnmounted = true;
    };
  }, []);
  return check;
}

/** Returns the problems of a long text; undefined until it is checked, and again after each change. */
function useLongCheck(format: PayloadFormat, text: string): PayloadCheck | undefined {
  const [found, setFound] = useState<CheckRequest & { readonly check: PayloadCheck }>();
  useEffect(() => {
    if (text.length <= quickLength || text.length > maxTypedLength) return undefined;
    let end = () => {};
    const timer = setTimeout(() => {
      // Where the thread fails, the text is checked only when it is sent.
      end = checkBeside({ format, text }, (check) => setFound({ format, text, check }));
    }, pauseMs);
    return () => {
      clearTimeout(timer);
      end();
      setFound(undefined);
    };
  }, [format, text]);
  return found?.format === format && found.text === text ? found.check : undefined;
}

/** Returns true for an error, false for a warning. */
export function isError({ severity }: Problem): boolean {
  return severity === 'error';
}

const problemTexts = strings.problems;

interface ProblemListProps {
  readonly problems: readonly Problem[];
  /** Moves the cursor to a problem in the editor. */
  readonly onGo: (problem: Problem) => void;
}

/** The number of problems of a payload, and the list of them with their positions. */
function ProblemList({ problems, onGo }: ProblemListProps) {
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const errors = problems.filter(isError).length;
  const warnings = problems.length - errors;
  const counts = [errors > 0 ? problemTexts.errors(errors) : '', warnings > 0 ? problemTexts.warnings(warnings) : ''];
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
        title={problemTexts.show}
        onClick={() => setOpen(true)}
      >
        {counts.filter(Boolean).join(', ')}
      </Button>
      <Popover open={open} onClose={() => setOpen(false)} anchor={anchor} label={problemTexts.label}>
        <ul className={listStyles.problems}>
          {problems.map((problem) => (
            <li key={`${problem.at} ${problem.message}`}>
              <button type="button" className={listStyles.problemItem} onClick={() => go(problem)}>
                {isError(problem) ? (
                  <CircleX size={13} role="img" aria-label={problemTexts.error} className={listStyles.errorMark} />
                ) : (
                  <TriangleAlert
                    size={13}
                    role="img"
                    aria-label={problemTexts.warning}
                    className={listStyles.warningMark}
                  />
                )}
                <span className={listStyles.problemPlace}>
                  {problem.line}:{problem.column}
                </span>
                <span>{problem.message}</span>
              </button>
            </li>
          ))}
        </ul>
        {problems.length >= maxProblems ? (
          <p className={listStyles.problemsEnd}>{problemTexts.limit(maxProblems)}</p>
        ) : null}
      </Popover>
    </>
  );
}

const texts = strings.status;

type ErrorPlace = [line: number, column: number, message: string];

interface VerdictProps {
  readonly tab: string;
  readonly draft: Draft;
  readonly problems: Problems;
  /** Moves the cursor to a problem in the editor. */
  readonly onGo: (problem: Problem) => void;
}

/** Whether the payload is valid in its format: the first error, the list of problems, and the conversion of a Python dict. */
export function Verdict({ tab, draft, problems: { list, isChecked, isPython, written }, onGo }: VerdictProps) {
  const services = useServices();
  const { format, template } = draft;
  const error = list.find(isError);
  const isUnsendable = error !== undefined && written?.isUnsendable === true && written.problems.includes(error);
  const invalid = isUnsendable ? texts.unsendable : (...place: ErrorPlace) => texts.invalid(format, ...place);
  return (
    <>
      {error ? (
        <span className={styles.problem} role="alert">
          <TriangleAlert size={13} aria-hidden />
          <span className={styles.problemText} title={error.message}>
            {invalid(error.line, error.column, error.message)}
          </span>
        </span>
      ) : template || format === 'text' ? null : isChecked ? (
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

/** Warns that a secret of the payload is sent over a transport that does not encrypt it. A local socket does not leave the machine. */
export function SecretWarning({
  tab,
  written,
}: {
  readonly tab: EndpointTab;
  readonly written?: ByteCheck | undefined;
}) {
  const { transport } = tab.form;
  if (!written?.usesSecret || !isPlainText(transport)) return null;
  return (
    <span className={listStyles.secretWarning} role="status" title={texts.secretHelp}>
      <TriangleAlert size={13} aria-hidden />
      <span className={styles.problemText}>{texts.secret(transport)}</span>
    </span>
  );
}

/** Says when a payload that is too long to check during typing is checked. For hex, the number of bytes shows validity. */
function Unchecked({ draft: { format, text } }: { readonly draft: Draft }) {
  if (format === 'hex' || text.length <= maxTypedLength) return null;
  return <span>{text.length > maxCheckedLength ? texts.tooLong : texts.checkedLater}</span>;
}
