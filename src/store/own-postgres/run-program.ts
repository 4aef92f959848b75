import { type SpawnOptions, spawn } from 'node:child_process'

// Postgres gets none of our environment: PGPORT, PGDATA or PGOPTIONS of the operator's shell would bend it.
export const bareEnvironment = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/run/current-system/sw/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
}

const outputLimit = 64 * 1024

export type ProgramEnd = { ok: boolean; output: string }

/** Runs a program to its end; one that cannot be started at all is an end that is not ok. */
export function runProgram(
  file: string,
  args: readonly string[],
  options: SpawnOptions = {},
): Promise<ProgramEnd> {
  return new Promise((resolve) => {
    let output = ''
    const take = (chunk: Buffer) => {
      if (output.length < outputLimit) output += chunk.toString('utf8')
    }
    try {
      const child = spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
      child.stdout?.on('data', take)
      child.stderr?.on('data', take)
      child.on('error', (error) => resolve({ ok: false, output: `${file}: ${error.message}` }))
      child.on('close', (code) => resolve({ ok: code === 0, output: output.trim() }))
    } catch (error) {
      resolve({ ok: false, output: `${file}: ${String(error)}` })
    }
  })
}
