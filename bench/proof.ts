// What a proof of work costs: to make its challenge and to check it here, and to do the work here and in a browser.
//   npm run bench -- proof [--rounds 2000] [--solved 20]
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { solveChallenge } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'
import { chromium } from 'playwright-core'
import { openKeyRing } from '../src/core/keys.ts'
import { type Challenge, checkProof, makeChallenge } from '../src/core/proof-of-work.ts'
import { readBrowserScript } from '../src/doors/http/shell/browser-script.ts'
import { readOptions } from './support/options.ts'

const browserPath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
const ring = openKeyRing('a secret key for benchmarks only, long enough')

export async function run(given: readonly string[] = []): Promise<object> {
  const { rounds, solved } = readOptions(given, { rounds: 2_000, solved: 20 })
  const challenge = await makeChallenge(ring.current, new Date(Date.now() - 10_000))
  const solution = await solveChallenge({ challenge, deriveKey })
  const proof = Buffer.from(JSON.stringify({ challenge, solution })).toString('base64')
  const make = await cost(rounds, () => makeChallenge(ring.current, new Date()))
  const check = await cost(rounds, async () => {
    const { kind } = await checkProof(ring, proof, new Date())
    if (kind !== 'proven') throw new Error(`the proof is ${kind}`)
  })
  const refuse = await cost(rounds, () => checkProof(ring, proof.slice(0, -8), new Date()))
  const challenges = await Promise.all(
    Array.from({ length: solved }, () => makeChallenge(ring.current, new Date())),
  )
  const solvedHere: number[] = []
  for (const one of challenges) {
    const start = process.cpuUsage()
    await solveChallenge({ challenge: one, deriveKey })
    const { user, system } = process.cpuUsage(start)
    solvedHere.push((user + system) / 1000)
  }
  return {
    bench: 'proof',
    cpuMicroseconds: { make, check, refuse },
    solveMilliseconds: { hereCpu: figures(solvedHere), browser: await solveInBrowser(challenges) },
  }
}

/** Processor time of one, in microseconds. */
async function cost(rounds: number, work: () => Promise<unknown>): Promise<number> {
  for (let n = 0; n < rounds / 4; n++) await work()
  const start = process.cpuUsage()
  for (let n = 0; n < rounds; n++) await work()
  const { user, system } = process.cpuUsage(start)
  return Math.round((user + system) / rounds)
}

/** By the script that visitors get, without the second that it waits besides. */
async function solveInBrowser(challenges: readonly Challenge[]): Promise<object | string> {
  if (!existsSync(browserPath)) return 'skipped: no Chromium (CHROMIUM_PATH)'
  const script = readBrowserScript('solve.js').text.replace(/\}\)\(\)\s*$/, 'window.solve = solve })()')
  const page = createServer((_, response) => response.end('<!doctype html><title>A page</title>'))
  await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve))
  const { port } = page.address() as AddressInfo
  const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox'] })
  try {
    const tab = await browser.newPage()
    await tab.goto(`http://127.0.0.1:${port}/`)
    await tab.evaluate(`window.setTimeout = (done) => { done() }; ${script}`)
    const times = await tab.evaluate<number[]>(`(async () => {
      const times = []
      for (const challenge of ${JSON.stringify(challenges)}) {
        const start = performance.now()
        if (await solve(challenge) === null) throw new Error('not solved')
        times.push(performance.now() - start)
      }
      return times
    })()`)
    return figures(times)
  } finally {
    await browser.close()
    page.close()
  }
}

function figures(times: readonly number[]) {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (part: number) => Math.round(sorted[Math.floor(part * (sorted.length - 1))] ?? Number.NaN)
  return { least: at(0), median: at(0.5), most: at(1) }
}
