import { keepCompiledCode } from './compile-cache.ts';
import { runCompiled } from './compiled-script.ts';

// The entry of the build; that of the sources is main.ts. `cli-command.cjs` is command.ts with all its imports.
runCompiled(import.meta.dirname, 'cli-command.cjs', keepCompiledCode());
