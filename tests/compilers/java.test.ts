import { testCompiled } from '#support/compiled-code.ts';

testCompiled({
  language: 'java',
  version: ['java', '-version'],
  fileName: 'Literals.java',
  printer: (literals) => `import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
class Literals {
    static void show(byte[] bytes) {
        System.out.println(HexFormat.of().formatHex(bytes));
    }
    public static void main(String[] args) {
${literals.map((literal) => `        show(${literal});\n`).join('')}    }
}
`,
  run: (file) => ['java', '-XX:TieredStopAtLevel=1', '-Xshare:auto', file],
  hasTls: true,
});
