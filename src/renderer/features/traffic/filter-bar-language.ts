import { useEffect, useState } from 'react';
import type { FilterLanguage } from './filter-bar-state.ts';

/** The filter language, which is loaded when it is first used. */
class LazyLanguage {
  loaded: FilterLanguage | undefined;
  #loading: Promise<FilterLanguage | undefined> | undefined;

  /** Loads the filter language; `undefined` if that fails. The engine checks each filter again. */
  load(): Promise<FilterLanguage | undefined> {
    this.#loading ??= Promise.all([import('#shared/filter/parse.ts'), import('#shared/filter/complete.ts')]).then(
      ([{ parseFilter }, { completeFilter, chooseOption }]) => {
        this.loaded = { parseFilter, completeFilter, chooseOption };
        return this.loaded;
      },
      () => {
        // Allow another attempt.
        this.#loading = undefined;
        return undefined;
      },
    );
    return this.#loading;
  }
}

/** Creates the filter language of the page, which is loaded later. */
export function createFilterLanguage(): LazyLanguage {
  return new LazyLanguage();
}

/** Returns the filter language once it is `wanted` and loaded. */
export function useFilterLanguage(lazy: LazyLanguage, wanted: boolean): FilterLanguage | undefined {
  const [language, setLanguage] = useState(() => lazy.loaded);
  useEffect(() => {
    let isShown = true;
    if (wanted && !language) void lazy.load().then((found) => isShown && setLanguage(found));
    return () => {
      isShown = false;
    };
  }, [lazy, wanted, language]);
  return language;
}
