import { keepCompiledCode } from './compile-cache.ts';
import { runCompiled } from './compiled-script.ts';

// What a build begins with; the sources begin with main.ts. `cli-command.cjs` is command.ts with all that it imports.
runCompiled(import.meta.dirname, 'cli-command.cjs', keepCompiledCode());
