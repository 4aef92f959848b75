// Programs that a benchmark would like to have and the machine may lack.
import { spawn } from 'node:child_process'
import { constants } from 'node:fs'
import { access, readdir } from 'node:fs/promises'
import { delimiter, join } from 'node:path'

export type ProgramName = 'wrk' | 'pgbench' | 'psql'

const whereToGet: Readonly<Record<ProgramName, string>> = {
  wrk: 'wrk is not installed: apt-get install wrk (Debian, Ubuntu), brew install wrk, or https://github.com/wg/wrk',
  pgbench:
    'pgbench is not installed: apt-get install postgresql-contrib or postgresql-15 (Debian, Ubuntu), brew install ' +
    'postgresql; it comes with every PostgreSQL server',
  psql: 'psql is not installed: apt-get install postgresql-client (Debian, Ubuntu), brew install libpq',
}

/** Where it lies, or null; what is lacking is said, with where to get it, and goes into `lacks`. */
export async function findProgram(name: ProgramName, lacks: string[]): Promise<string | null> {
  const debian = '/usr/lib/postgresql'
  const versions = name === 'pgbench' ? await readdir(debian).catch(() => []) : []
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    ...versions
      .sort()
      .reverse()
      .map((version) => join(debian, version, 'bin')),
  ]
  for (const folder of folders.filter((one) => one !== '')) {
    const path = join(folder, name)
    if (await isProgram(path)) return path
  }
  console.error(whereToGet[name])
  lacks.push(whereToGet[name])
  return null
}

async function isProgram(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}

/** Runs it to its end and gives its standard output; what it says on standard error is in the error. */
export function runProgram(path: string, args: readonly string[], environment = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(path, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
    })
    let output = ''
    let errors = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve(output)
      else reject(new Error(`${path} ended with ${code}: ${errors.trim() || output.trim()}`))
    })
  })
}
