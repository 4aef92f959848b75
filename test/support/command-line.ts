// The command line as its own process, as npm run ayes starts it.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { environment, root } from './service-process.ts'

export type Ended = { readonly status: number; readonly stdout: string; readonly stderr: string }

export function startCommand(
  args: readonly string[],
  settings: Record<string, string> = {},
): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, ['--import', './require-node.mjs', 'src/cli.ts', ...args], {
    cwd: root,
    env: environment(settings),
  })
}

/** Runs a command to its end, with `input` on its standard input. */
export async function ayes(
  args: readonly string[],
  settings: Record<string, string> = {},
  input: string | Buffer = '',
): Promise<Ended> {
  const child = startCommand(args, settings)
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
  // A command that ends before it has read everything is no fault of the test.
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const [status] = await once(child, 'close')
  return { status, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() }
}

/** The JSON objects on standard output, one a line. */
export function objectsIn({ stdout }: Ended): unknown[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}
