import { testLanguage } from '#support/generated-code.ts';

testLanguage({ language: 'python', run: (file) => ['python3', file], hasTls: true });
