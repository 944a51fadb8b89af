import { useEffect, useState } from 'react';
import type { FilterLanguage } from './filter-bar-state.ts';

let loading: Promise<FilterLanguage | undefined> | undefined;
let loaded: FilterLanguage | undefined;

/** Loads the filter language; `undefined` if that fails. The engine checks each filter again. */
export function loadFilterLanguage(): Promise<FilterLanguage | undefined> {
  loading ??= Promise.all([import('#shared/filter/parse.ts'), import('#shared/filter/complete.ts')]).then(
    ([{ parseFilter }, { completeFilter, chooseOption }]) => {
      loaded = { parseFilter, completeFilter, chooseOption };
      return loaded;
    },
    () => {
      loading = undefined;
      return undefined;
    },
  );
  return loading;
}

/** Returns the filter language once it is `wanted` and loaded. */
export function useFilterLanguage(wanted: boolean): FilterLanguage | undefined {
  const [language, setLanguage] = useState(() => loaded);
  useEffect(() => {
    let isShown = true;
    if (wanted && !language) void loadFilterLanguage().then((found) => isShown && setLanguage(found));
    return () => {
      isShown = false;
    };
  }, [wanted, language]);
  return language;
}
