import { z } from 'zod';

// The page's policy forbids `eval`; zod asks for it when the first schema is made, unless it was told before. The
// violation is reported, and the exception costs a parse of the whole bundle.
z.config({ jitless: true });
