import { join } from 'node:path';
import { testCompiled } from '#support/compiled-code.ts';

testCompiled({
  language: 'go',
  version: ['go', 'version'],
  fileName: 'literals.go',
  printer: (literals) => `package main
import "fmt"
func main() {
${literals.map((literal) => `\tfmt.Printf("%x\\n", ${literal})\n`).join('')}}
`,
  compile: (file, folder) => ['go', 'build', '-o', join(folder, 'program'), file],
  run: (_, folder) => [join(folder, 'program')],
  hasTls: true,
});
