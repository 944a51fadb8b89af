import { join } from 'node:path';
import { testLanguage } from '#support/generated-code.ts';

testLanguage({
  language: 'rust',
  compile: (file, folder) => ['rustc', '-D', 'warnings', '-C', 'opt-level=1', '-o', join(folder, 'program'), file],
  run: (_, folder) => [join(folder, 'program')],
  hasTls: false,
  printsPort: true,
});
