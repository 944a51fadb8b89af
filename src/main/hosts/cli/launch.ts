import { keepCompiledCode, runCompiled } from './compile-cache.ts';

// The entry of the build. `cli-command.cjs` is command.ts with all its imports.
runCompiled(import.meta.dirname, 'cli-command.cjs', keepCompiledCode());
