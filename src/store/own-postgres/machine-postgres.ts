import { constants } from 'node:fs'
import { access, readdir, realpath } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { runProgram } from './run-program.ts'

export const oldestMajor = 15

/** The newest PostgreSQL from 15 on that the machine itself has, with its initdb beside it. */
export async function findMachinePostgres(): Promise<{
  folder: string
  major: number
  version: string
} | null> {
  const onPath = await runProgram('/bin/sh', ['-c', 'command -v postgres'])
  const debian = '/usr/lib/postgresql'
  const folders = (await readdir(debian).catch(() => [])).map((version) => join(debian, version, 'bin'))
  if (onPath.ok) folders.unshift(dirname(await realpath(onPath.output).catch(() => onPath.output)))
  let best: { folder: string; major: number; version: string } | null = null
  for (const folder of new Set(folders)) {
    const found = await look(folder)
    if (found !== null && (best === null || found.major > best.major)) best = found
  }
  return best
}

async function look(folder: string) {
  try {
    await access(join(folder, 'initdb'), constants.X_OK)
  } catch {
    return null
  }
  const answer = await runProgram(join(folder, 'postgres'), ['--version'])
  const version = /PostgreSQL\) (\d+[\w.]*)/.exec(answer.output)?.[1]
  if (!answer.ok || version === undefined) return null
  const major = Number.parseInt(version, 10)
  return major >= oldestMajor ? { folder, major, version } : null
}
