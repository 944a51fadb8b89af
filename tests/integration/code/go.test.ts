import { join } from 'node:path';
import { testLanguage } from '#support/generated-code.ts';

testLanguage({
  language: 'go',
  compile: (file, folder) => ['go', 'build', '-o', join(folder, 'program'), file],
  run: (_, folder) => [join(folder, 'program')],
  hasTls: true,
  printsPort: true,
});
