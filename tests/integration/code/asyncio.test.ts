import { testLanguage } from '#support/generated-code.ts';

testLanguage({ language: 'asyncio', run: (file) => ['python3', file], hasTls: true });
