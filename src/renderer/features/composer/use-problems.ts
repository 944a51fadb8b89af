import { useEffect, useMemo, useState } from 'react';
import type { PayloadFormat } from '#shared/payload/payload.ts';
import type { Problem } from '#shared/payload/problem.ts';
import { maxTypedLength } from '../../client/drafts-store.ts';

interface Checks {
  readonly listProblems: (format: PayloadFormat, text: string) => readonly Problem[];
  readonly looksLikePythonDict: (text: string) => boolean;
}

export interface Problems {
  /** In the order of the text. */
  readonly list: readonly Problem[];
  /** The text was checked: the checks are loaded, it is short enough, and nothing is typed just now where it is long. */
  readonly isChecked: boolean;
  /** The text is Python, and can be converted to JSON. */
  readonly isPython: boolean;
}

/** Above this length (UTF-16 units) a check takes longer than a frame: it waits until nothing is typed for a while. */
export const quickLength = 32 * 1_024;
const pauseMs = 300;

const none: Problems = { list: [], isChecked: false, isPython: false };

/** Lists what is wrong with a payload. The checks load when they are first needed: nothing is listed until then. */
export function useProblems(format: PayloadFormat, text: string): Problems {
  const [checks, setChecks] = useState<Checks>();
  useEffect(() => {
    let isGone = false;
    void Promise.all([import('#shared/payload/list-problems.ts'), import('#shared/payload/python.ts')]).then(
      ([{ listProblems }, { looksLikePythonDict }]) => {
        if (!isGone) setChecks({ listProblems, looksLikePythonDict });
      },
    );
    return () => {
      isGone = true;
    };
  }, []);
  const settled = useSettled(text);
  return useMemo(() => {
    if (!checks || text !== settled || text.length > maxTypedLength) return none;
    const list = checks.listProblems(format, text);
    return {
      list,
      isChecked: true,
      isPython: format === 'json' && list.some(isError) && checks.looksLikePythonDict(text),
    };
  }, [checks, format, text, settled]);
}

/** Returns `text` at once where it is short, else the text that was there at the last pause. */
function useSettled(text: string): string {
  const [paused, setPaused] = useState(text);
  const isLong = text.length > quickLength;
  useEffect(() => {
    if (!isLong) return undefined;
    const timer = setTimeout(() => setPaused(text), pauseMs);
    return () => clearTimeout(timer);
  }, [text, isLong]);
  return isLong ? paused : text;
}

export function isError({ severity }: Problem): boolean {
  return severity === 'error';
}
