// Memory is compared after a whole collection of garbage, which a process that was started with these flags makes when
// it is asked to: else what a server needed while it was busy would pass for what its streams need, or hide it.
import { readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const signal = 'SIGUSR2'
const lookEveryMs = 20
const patienceMs = 10_000

/** In bytes: what the system has given, and what of it V8's heap and its buffers hold. */
export type Memory = { resident: number; held: number }

const answer = (pid: number | string) => join(tmpdir(), `ayes-bench-memory-${pid}`)
const script = `
import { renameSync, writeFileSync } from 'node:fs'
const file = ${JSON.stringify(answer(''))} + process.pid
process.on('${signal}', () => {
  gc()
  gc()
  const { rss, heapUsed, external } = process.memoryUsage()
  writeFileSync(file + '.part', JSON.stringify({ resident: rss, held: heapUsed + external }))
  renameSync(file + '.part', file)
})`

export const tidyFlags = ['--expose-gc', '--import', `data:text/javascript,${encodeURIComponent(script)}`]

export async function memoryOf(pid: number): Promise<Memory> {
  const file = answer(pid)
  rmSync(file, { force: true })
  process.kill(pid, signal)
  for (let waited = 0; waited < patienceMs; waited += lookEveryMs) {
    await pause(lookEveryMs)
    try {
      const memory: Memory = JSON.parse(readFileSync(file, 'utf8'))
      rmSync(file)
      return memory
    } catch {
      // not there yet
    }
  }
  throw new Error(`process ${pid} did not say how much memory it has`)
}
