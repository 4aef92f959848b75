// The scripts for browsers are held against the DOM's types, which the rest of the house must not see.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

test('the scripts of the browser fit the types of the DOM', async () => {
  const cwd = fileURLToPath(new URL('../../', import.meta.url))
  const compiler = 'node_modules/typescript/bin/tsc'
  const { stdout } = await promisify(execFile)(process.execPath, [compiler, '-p', 'src/doors/http/browser'], {
    cwd,
  }).catch((error: { stdout: string }) => error)
  expect(stdout).toBe('')
})
