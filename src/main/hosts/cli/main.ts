import { keepCompiledCode } from './compile-cache.ts';

// Before anything else is loaded: only what is imported from here on comes from the cache.
keepCompiledCode();
await import('./command.ts');
