import { defineConfig } from 'vitest/config'

// Tests that start processes, databases, browsers or many cities take both cores for themselves: one file at a time, after the others.
const heavy = ['alliance', 'bad-input/offer', 'bad-input/page', 'e2e', 'fault', 'house', 'web'].map((room) => `test/${room}/**/*.test.ts`)
// Minutes of seven cities that are killed at random: `npm run turmoil`, apart from the rest.
const turmoil = ['test/turmoil/**/*.test.ts']
const withTurmoil = process.env['COMITY_TURMOIL'] === '1'
const pure = ['test/core/**/*.test.ts', 'test/contract/**/*.test.ts']

export default defineConfig({
  test: {
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    projects: [
      // Core has no state outside its arguments, so its files can share one process and load their modules once.
      { extends: true, test: { name: 'pure', include: pure, isolate: false, sequence: { groupOrder: 0 } } },
      { extends: true, test: { name: 'parts', include: ['test/**/*.test.ts'], exclude: [...pure, ...heavy, ...turmoil], sequence: { groupOrder: 1 } } },
      { extends: true, test: { name: 'heavy', include: heavy, maxWorkers: 1, sequence: { groupOrder: 2 } } },
      ...(withTurmoil
        ? [{ extends: true as const, test: { name: 'turmoil', include: turmoil, maxWorkers: 1, testTimeout: 600_000, hookTimeout: 600_000 } }]
        : []),
    ],
  },
})
