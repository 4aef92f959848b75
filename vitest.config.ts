import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/postgres-server.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 3,
    // No file leaves anything behind for the next, so the modules are loaded once a worker, not once a file: it saves
    // two fifths of the processor time.
    isolate: false,
  },
})
