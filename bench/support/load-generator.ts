// Whoever makes the signups come in: wrk where there is one, else a generator of our own in a process of its own.
import { join } from 'node:path'
import { findProgram, runProgram } from './programs.ts'
import { startWorker } from './worker.ts'

/** `run` is another number for each run against one database: addresses and clients are made from it. */
export type LoadTask = { url: string; connections: number; seconds: number; run: number }

/** `refused`: answers of 400 and above; `broken`: connections that failed. Times of answers in milliseconds. */
export type LoadFigures = {
  answers: number
  refused: number
  broken: number
  seconds: number
  p50: number
  p99: number
  longest: number
}

export type LoadGenerator = {
  readonly name: string
  load(task: LoadTask): Promise<LoadFigures>
  /** Requests a second that it makes of a server which does nothing. */
  ceiling(connections: number, seconds: number): Promise<number>
  close(): Promise<void>
}

export async function openLoadGenerator(lacks: string[]): Promise<LoadGenerator> {
  const wrk = await findProgram('wrk', lacks)
  const worker = wrk === null ? startWorker('node-load.ts') : null
  const load =
    wrk === null || worker !== null
      ? (task: LoadTask) =>
          worker?.ask<LoadFigures>(task) ?? Promise.reject(new Error('there is no generator'))
      : (task: LoadTask) => runWrk(wrk, task)
  return {
    name: wrk === null ? 'bench/support/node-load.ts' : 'wrk',
    load,
    async ceiling(connections, seconds) {
      const trivial = startWorker('trivial-server.ts')
      const { port } = await trivial.ask<{ port: number }>({})
      const figures = await load({ url: `http://127.0.0.1:${port}`, connections, seconds, run: 1 })
      await trivial.stop()
      return figures.answers / figures.seconds
    },
    close: async () => worker?.stop(),
  }
}

async function runWrk(wrk: string, { url, connections, seconds, run }: LoadTask): Promise<LoadFigures> {
  const threads = Math.min(2, connections)
  const output = await runProgram(wrk, [
    ...[`-t${threads}`, `-c${connections}`, `-d${seconds}s`, '--timeout', '10s'],
    ...['-s', join(import.meta.dirname, 'signups.lua'), url, '--', String(run), new URL(url).host],
  ])
  return JSON.parse(output.trim().split('\n').at(-1) ?? '')
}
