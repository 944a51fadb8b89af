import { keepCompiledCode } from './compile-cache.ts';

// Before all other imports: only later imports use the cache.
keepCompiledCode();
await import('./command.ts');
