import { useEffect, useState } from 'react';
import type { FilterLanguage } from './filter-bar-state.ts';

let loading: Promise<FilterLanguage | undefined> | undefined;
let loaded: FilterLanguage | undefined;

/** The filter language; `undefined` where it can not be loaded. The engine checks each filter itself. */
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

/** The filter language, as soon as it is `wanted` and there. */
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
