/** What Vite puts in the place of `import.meta.env` when it builds the main process. */
interface ImportMeta {
  readonly env: {
    /** `development` in the build that `npm run dev` makes, else `production`; `NODE_ENV` does not change it. */
    readonly MODE: string;
  };
}
