// Reads vitest's JSON report.
//   failed-files REPORT            the files with a failed test, a line each
//   failures REPORT                the failed tests with the first lines of why
//   count REPORT EXIT-CODE [AGAIN] "passed failed skipped unsteady"; AGAIN is the report of a second run of the failed files
// A file that could not be loaded, or not be tidied up after, has no failed test to count, and an error outside of all
// tests only shows in the exit code: each counts as one failure.
import { existsSync, readFileSync } from 'node:fs'

const [what = '', file = '', exitCode = '1', again = ''] = process.argv.slice(2)

function read(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).testResults
  } catch (error) {
    process.stderr.write(`There is no report of the tests: ${error.message}\n`)
    return []
  }
}

const hasFailed = (result) =>
  result.status === 'failed' || result.assertionResults.some((test) => test.status === 'failed')
const failedTests = (results) =>
  results.flatMap((result) =>
    result.assertionResults
      .filter((test) => test.status === 'failed')
      .map((test) => ({ name: `${result.name} > ${test.fullName}`, why: test.failureMessages.join('\n') })),
  )
const unloaded = (results) =>
  results.filter((result) => hasFailed(result) && failedTests([result]).length === 0)

function count() {
  const results = read(file)
  const tests = results.flatMap((result) => result.assertionResults)
  const passed = tests.filter((test) => test.status === 'passed').length
  const failed = failedTests(results).length + unloaded(results).length
  const skipped = tests.length - passed - failedTests(results).length
  const unexplained = failed === 0 && (exitCode !== '0' || tests.length === 0) ? 1 : 0
  if (failed === 0 || !existsSync(again)) return [passed, failed + unexplained, skipped, 0]
  const second = read(again)
  const wholeNow = new Set(second.filter((result) => !hasFailed(result)).map((result) => result.name))
  const passedNow = new Set(
    second.flatMap((result) =>
      result.assertionResults
        .filter((test) => test.status === 'passed')
        .map((test) => `${result.name} > ${test.fullName}`),
    ),
  )
  const unsteady =
    failedTests(results).filter((test) => passedNow.has(test.name)).length +
    unloaded(results).filter((result) => wholeNow.has(result.name)).length
  return [passed + unsteady, failed - unsteady, skipped, unsteady]
}

switch (what) {
  case 'failed-files':
    for (const result of read(file).filter(hasFailed)) process.stdout.write(`${result.name}\n`)
    break
  case 'failures':
    for (const { name, why } of failedTests(read(file))) {
      process.stdout.write(`did not pass: ${name}\n${why.split('\n').slice(0, 12).join('\n')}\n`)
    }
    break
  case 'count':
    process.stdout.write(`${count().join(' ')}\n`)
    break
}
