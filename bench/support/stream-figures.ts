// Memory and processor of a process that holds event streams: before, with all of them open and idle, and after.
import { setTimeout as pause } from 'node:timers/promises'
import { cpuSeconds } from './cpu-time.ts'
import { askReaders } from './reader-tasks.ts'
import { type Memory, memoryOf } from './tidy-memory.ts'
import type { Worker } from './worker.ts'

/** Opened and closed again before anything is measured: code is compiled and buffers are there. */
const warmUp = 200
/**
 * What has just been opened or closed is tidied up in this time; and PostgreSQL counts what a connection did up to ten
 * seconds after it fell idle.
 */
const settleMs = 11_000

export type Opening = {
  /** Started with `tidyFlags`. */
  readonly pid: number
  readonly url: string
  readonly readers: Worker
  readonly names: readonly string[]
  /** How long they are open while nothing happens. */
  readonly seconds: number
  readonly statements?: () => Promise<number>
  readonly postgres?: () => number | null
}

export type OpenFigures = Awaited<ReturnType<typeof openAll>>

export async function openAll(opening: Opening) {
  const { pid, url, readers, names, seconds } = opening
  await askReaders(readers, { what: 'open', url, names: names.slice(0, warmUp) })
  await askReaders(readers, { what: 'close' })
  const idleWithoutStreams =
    opening.statements === undefined ? null : await idle(opening, Math.min(5, seconds))
  const before = await memoryOf(pid)
  const started = performance.now()
  await askReaders(readers, { what: 'open', url, names })
  const openedPerSecond = Math.round((names.length * 1000) / (performance.now() - started))
  const idleWithAll = await idle(opening, seconds)
  const open = await memoryOf(pid)
  const each = (name: keyof Memory) => round((open[name] - before[name]) / 1024 / names.length, 1)
  return {
    memory: {
      before: inMegabytes(before),
      open: inMegabytes(open),
      kilobytesPerStream: { resident: each('resident'), held: each('held') },
    },
    openedPerSecond,
    idleWithoutStreams,
    idle: idleWithAll,
  }
}

/** The readers go away as a killed browser does. */
export async function closeAll(pid: number, readers: Worker) {
  await askReaders(readers, { what: 'close' })
  await pause(settleMs)
  return { closed: inMegabytes(await memoryOf(pid)) }
}

async function idle({ pid, statements, postgres }: Opening, seconds: number) {
  await pause(settleMs)
  const used = async () => ({
    process: cpuSeconds(pid),
    postgres: postgres?.() ?? null,
    statements: (await statements?.()) ?? null,
  })
  const before = await used()
  await pause(seconds * 1000)
  const after = await used()
  const each = (name: keyof typeof before) => {
    const [then, now] = [before[name], after[name]]
    return then === null || now === null ? null : (now - then) / seconds
  }
  const percent = (share: number | null) => (share === null ? null : round(share * 100, 2))
  const perSecond = each('statements')
  return {
    percentOfACore: { process: percent(each('process')), postgres: percent(each('postgres')) },
    statementsPerSecond: perSecond === null ? null : round(perSecond, 1),
  }
}

export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}

function inMegabytes({ resident, held }: Memory) {
  const mega = (bytes: number) => round(bytes / 1024 / 1024, 1)
  return { residentMb: mega(resident), heldMb: mega(held) }
}
