/** What the language and a debugger look for on any object, which is not a use of Electron. */
const probes = new Set(['then', 'toJSON', 'constructor', 'inspect', 'prototype', 'nodeType', 'asymmetricMatch']);

/**
 * `api` as it is, but reading or setting what it does not have throws: a part of Electron that the app uses and the
 * stand-in lacks must not pass as `undefined`.
 */
export function strict<T extends object>(name: string, api: T): T {
  const refuse = (key: string): never => {
    throw new Error(`the stand-in has no ${name}.${key}; see ${import.meta.dirname}`);
  };
  return new Proxy(api, {
    get(target, key) {
      if (typeof key === 'string' && !(key in target) && !probes.has(key)) refuse(key);
      const value: unknown = Reflect.get(target, key);
      return value;
    },
    set(target, key, value) {
      if (typeof key === 'string' && !(key in target)) refuse(key);
      return Reflect.set(target, key, value);
    },
  });
}
