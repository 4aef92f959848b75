// Prints "passed failed skipped" from vitest's JSON report. A file that could not be loaded has no tests to count, and
// an error outside of all tests only shows in the exit code: each counts as one failure.
import { readFileSync } from 'node:fs'

const [file = '', exitCode = '1'] = process.argv.slice(2)

function read() {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    process.stderr.write(`There is no report of the tests: ${error.message}\n`)
    return { testResults: [] }
  }
}

const results = read().testResults
const tests = results.flatMap((result) => result.assertionResults)
const count = (status) => tests.filter((test) => test.status === status).length
const unloaded = results.filter(
  (result) => result.status === 'failed' && result.assertionResults.every((test) => test.status !== 'failed'),
)
const passed = count('passed')
const failed = count('failed') + unloaded.length
const unexplained = failed === 0 && (exitCode !== '0' || tests.length === 0) ? 1 : 0
process.stdout.write(`${passed} ${failed + unexplained} ${tests.length - passed - count('failed')}\n`)
