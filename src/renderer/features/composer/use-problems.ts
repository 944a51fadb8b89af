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
  /** The text was checked: the checks are loaded, and it is short enough to be checked while it is typed. */
  readonly isChecked: boolean;
  /** The text is Python, and can be converted to JSON. */
  readonly isPython: boolean;
}

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
  return useMemo(() => {
    if (!checks || text.length > maxTypedLength) return none;
    const list = checks.listProblems(format, text);
    return {
      list,
      isChecked: true,
      isPython: format === 'json' && list.some(isError) && checks.looksLikePythonDict(text),
    };
  }, [checks, format, text]);
}

export function isError({ severity }: Problem): boolean {
  return severity === 'error';
}
