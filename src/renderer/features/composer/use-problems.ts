import { useEffect, useMemo, useState } from 'react';
import type { PayloadFormat } from '#shared/payload/payload.ts';
import type { Problem } from '#shared/payload/problem.ts';
import { checkBeside } from '../../client/check-beside.ts';
import type { CheckRequest, PayloadCheck } from '../../client/check-payload.ts';
import { maxTypedLength } from '../../client/drafts-store.ts';

export interface Problems extends PayloadCheck {
  /** The text was checked: the checks are loaded, it is short enough, and nothing is typed just now where it is long. */
  readonly isChecked: boolean;
}

/** Above this length (UTF-16 units) a check takes longer than a frame: a thread checks what is there at a pause. */
export const quickLength = 32 * 1_024;
const pauseMs = 300;

const none: Problems = { list: [], isChecked: false, isPython: false };

/** Lists what is wrong with a payload. The checks load when they are first needed: nothing is listed until then. */
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
    let isGone = false;
    void import('../../client/check-payload.ts').then(({ checkPayload }) => {
      if (!isGone) setCheck(() => checkPayload);
    });
    return () => {
      isGone = true;
    };
  }, []);
  return check;
}

/** Returns what is wrong with a long text: nothing until it was checked, which a change of the text begins again. */
function useLongCheck(format: PayloadFormat, text: string): PayloadCheck | undefined {
  const [found, setFound] = useState<CheckRequest & { readonly check: PayloadCheck }>();
  useEffect(() => {
    if (text.length <= quickLength || text.length > maxTypedLength) return undefined;
    let end = () => {};
    const timer = setTimeout(() => {
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

export function isError({ severity }: Problem): boolean {
  return severity === 'error';
}
