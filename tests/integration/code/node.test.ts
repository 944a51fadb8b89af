import { testLanguage } from '#support/generated-code.ts';

testLanguage({ language: 'node', run: (file) => [process.execPath, file], hasTls: true });
