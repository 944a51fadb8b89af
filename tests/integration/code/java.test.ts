import { testLanguage } from '#support/generated-code.ts';

testLanguage({
  language: 'java',
  run: (file) => ['java', '-XX:TieredStopAtLevel=1', '-Xshare:auto', file],
  hasTls: true,
  printsPort: true,
});
