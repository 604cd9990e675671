import { defineConfig } from 'vite'

// `npm run build:cli`: the command as one file, dist/comity.mjs, that runs wherever Node 22.18 or newer is.
// The database drivers stay outside: one is native code, and verifying needs neither.
export default defineConfig({
  publicDir: false,
  ssr: { noExternal: true, external: ['better-sqlite3', 'pg'] },
  build: {
    ssr: 'src/cli/main.ts',
    target: 'node22',
    outDir: 'dist',
    minify: false,
    rolldownOptions: { output: { entryFileNames: 'comity.mjs', codeSplitting: false } },
  },
})
