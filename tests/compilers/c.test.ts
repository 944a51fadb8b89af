import { join } from 'node:path';
import { testCompiled } from '#support/compiled-code.ts';

testCompiled({
  language: 'c',
  version: ['cc', '--version'],
  fileName: 'literals.c',
  printer: (literals) => `#include <stdio.h>
static void show(const char *bytes, size_t size) {
    for (size_t at = 0; at < size; at++) printf("%02x", (unsigned char)bytes[at]);
    printf("\\n");
}
int main(void) {
${literals.map((literal) => `    show(${literal}, sizeof ${literal} - 1);\n`).join('')}}
`,
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
});
