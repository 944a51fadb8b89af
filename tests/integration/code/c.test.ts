import { join } from 'node:path';
import { testLanguage } from '#support/generated-code.ts';

testLanguage({
  language: 'c',
  compile: (file, folder) => [
    'cc',
    '-std=c11',
    '-Wall',
    '-Wextra',
    '-Werror',
    '-O1',
    '-o',
    join(folder, 'program'),
    file,
  ],
  run: (_, folder) => [join(folder, 'program')],
  hasTls: false,
  printsPort: true,
});
