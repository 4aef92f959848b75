// The service as its own process, through the same command that npm start runs: it can be killed.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../', import.meta.url))

export type ServiceProcess = {
  readonly url: string
  readonly child: ChildProcess
  readonly stdout: string[]
  readonly stderr: string[]
  /** Resolves with the exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>
  stop(signal?: NodeJS.Signals): Promise<number | string>
}

export function makeDataDir(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'ayes-process-'))
}

/** An environment with nothing but what a shell needs and these settings. */
export function environment(settings: Record<string, string>): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, PORT: '0', ...settings }
}

/** Resolves when the first line says that it listens; rejects with what it said when it ends before. */
export async function startProcess(settings: Record<string, string>): Promise<ServiceProcess> {
  const child = spawn(process.execPath, ['--import', './require-node.mjs', 'src/main.ts'], {
    cwd: root,
    env: environment(settings),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const stdout: string[] = []
  const stderr: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => stderr.push(line))
  const lines = createInterface({ input: child.stdout })
  lines.on('line', (line) => stdout.push(line))
  const ended = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | string)
  const first = await Promise.race([once(lines, 'line').then(([line]) => String(line)), ended])
  if (typeof first !== 'string' || !first.startsWith('{')) {
    throw new Error(`the service ended with ${first}: ${stderr.join('\n')}`)
  }
  const { url } = JSON.parse(first) as { url: string }
  return {
    url,
    child,
    stdout,
    stderr,
    ended,
    async stop(signal = 'SIGTERM') {
      child.kill(signal)
      return ended
    },
  }
}
