// How long the verdict takes over mail that was made to be slow, and over damaged copies of real mail.
import { readReport } from '../../src/core/bounce/read-report.ts'
import { damage, hostileInputs, randomNumbers } from '../../test/core/bounce/hostile-inputs.ts'

const tries = 5
const copies = 100

type Worst = { milliseconds: number; input: string }

export type Hostile = { inputs: number; worst: Worst; damaged: number; worstDamaged: Worst }

/** `corpus`: real messages by name; none where the folder is absent. */
export async function measureHostile(corpus: readonly (readonly [string, Buffer])[]): Promise<Hostile> {
  const worst = { milliseconds: 0, input: '' }
  for (const [input, bytes] of hostileInputs) keepWorse(worst, input, await costOf(bytes, tries))
  const worstDamaged = { milliseconds: 0, input: '' }
  const random = randomNumbers(5511)
  for (const [name, raw] of corpus) {
    for (let copy = 0; copy < copies; copy += 1) {
      const damaged = damage(raw, random)
      const once = await costOf(damaged, 1)
      if (once > worstDamaged.milliseconds) keepWorse(worstDamaged, name, await costOf(damaged, tries))
    }
  }
  const result = { inputs: hostileInputs.length, worst, damaged: corpus.length * copies, worstDamaged }
  console.log(`${shown(worst)} the slowest of ${result.inputs} hostile messages of 1 MB (gate 50 ms)`)
  console.log(`${shown(worstDamaged)} the slowest of ${result.damaged} damaged copies of real messages`)
  return result
}

/** Processor time: what else the machine does is not the verdict's. The best of some tries: neither is a cold start. */
async function costOf(input: Uint8Array, times: number): Promise<number> {
  let best = Number.POSITIVE_INFINITY
  for (let turn = 0; turn < times; turn += 1) {
    const before = process.cpuUsage()
    await readReport(input)
    const { user, system } = process.cpuUsage(before)
    best = Math.min(best, (user + system) / 1000)
  }
  return best
}

function keepWorse(worst: Worst, input: string, milliseconds: number): void {
  if (milliseconds <= worst.milliseconds) return
  worst.milliseconds = Math.round(milliseconds * 10) / 10
  worst.input = input
}

function shown({ milliseconds, input }: Worst): string {
  return `${milliseconds} ms, "${input}":`
}
