import { useEffect, useMemo, useState } from 'react';
import type { PayloadFormat } from '#shared/payload/payload.ts';
import type { Problem } from '#shared/payload/problem.ts';
import { checkBeside, quickLength } from '../../client/check-beside.ts';
import type { CheckRequest, PayloadCheck } from '../../client/check-payload.ts';
import { maxTypedLength } from '../../client/drafts-store.ts';

export interface Problems extends PayloadCheck {
  /** The text has been checked: the checks are loaded, the text is not too long, and the user has paused if it is long. */
  readonly isChecked: boolean;
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

/** Returns the check of a short text, once it is loaded. */
function useQuickCheck(): ((request: CheckRequest) => PayloadCheck) | undefined {
  const [check, setCheck] = useState<(request: CheckRequest) => PayloadCheck>();
  useEffect(() => {
    let isUnmounted = false;
    void import('../../client/check-payload.ts').then(({ checkPayload }) => {
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
