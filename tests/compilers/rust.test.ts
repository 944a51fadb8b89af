import { join } from 'node:path';
import { testCompiled } from '#support/compiled-code.ts';

testCompiled({
  language: 'rust',
  version: ['rustc', '--version'],
  fileName: 'literals.rs',
  printer: (literals) => `fn show(bytes: &[u8]) {
    for byte in bytes {
        print!("{:02x}", byte);
    }
    println!();
}
fn main() {
${literals.map((literal) => `    show(${literal});\n`).join('')}}
`,
  compile: (file, folder) => ['rustc', '-D', 'warnings', '-C', 'opt-level=1', '-o', join(folder, 'program'), file],
  run: (_, folder) => [join(folder, 'program')],
  hasTls: false,
});
