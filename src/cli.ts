// The command line: one command a process, data on standard output, words for people on standard error.
import { type Around, type Command, SettingsError, UsageError } from './cli/command.ts'
import { ReaderGone } from './cli/output.ts'
import { type CommandName, commandLike, helpFor, isCommandName, overview } from './cli/usage.ts'
import { readEnvironment } from './config/environment.ts'
import { readEnvFile, say } from './terminal.ts'

const usageStatus = 64
const settingsStatus = 78

/** Loaded when it is called: what needs no database does not load what speaks to one. */
const commands: Readonly<Record<CommandName, () => Promise<{ run: Command }>>> = {
  serve: () => import('./cli/serve.ts'),
  migrate: () => import('./cli/migrate.ts'),
  dump: () => import('./cli/dump.ts'),
  restore: () => import('./cli/restore.ts'),
  suggest: () => import('./cli/suggest.ts'),
  classify: () => import('./cli/classify.ts'),
  export: () => import('./cli/export.ts'),
  check: () => import('./cli/check.ts'),
  doctor: () => import('./cli/doctor.ts'),
}

/** A signal ends the others at once: `serve` has its own way, and the rest leaves nothing behind. */
const cleansUp = new Set<CommandName>(['migrate', 'dump', 'restore', 'export', 'doctor', 'check'])
const patienceMs = 10_000

async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined) return wrong(overview())
  if (name === '--help' || name === '-h' || name === 'help') return tell(overview())
  if (!isCommandName(name)) {
    const meant = commandLike(name)
    const hint = meant === null ? '--help lists them.' : `Did you mean ${meant}?`
    return wrong([`There is no command ${JSON.stringify(name)}. ${hint}`])
  }
  const beforeOperands = args.slice(0, args.includes('--') ? args.indexOf('--') : args.length)
  if (beforeOperands.some((arg) => arg === '--help' || arg === '-h')) return tell(helpFor(name))
  return run(name, args)
}

function wrong(lines: readonly string[]): number {
  say(lines)
  return usageStatus
}

function tell(lines: readonly string[]): number {
  process.stdout.write(`${lines.join('\n')}\n`)
  return 0
}

async function run(name: CommandName, args: readonly string[]): Promise<number> {
  const broken = new AbortController()
  const around: Around = {
    environment: () => readEnvironment(process.env, readEnvFile()),
    stdin: process.stdin,
    stdout: process.stdout,
    say,
    signal: broken.signal,
  }
  if (cleansUp.has(name)) {
    // npm passes a signal on that the terminal has sent already: a second one changes nothing.
    const end = () => {
      broken.abort()
      setTimeout(() => process.exit(1), patienceMs).unref()
    }
    process.on('SIGINT', end)
    process.on('SIGTERM', end)
  }
  try {
    const command = await commands[name]()
    return await command.run(args, around)
  } catch (error) {
    // Nothing is wrong and nobody is there to be told; but an export that was not taken whole is no success.
    if (error instanceof ReaderGone) return name === 'export' ? 1 : 0
    if (error instanceof UsageError) {
      return wrong([`${error.message}.`, `"npm run --silent ayes -- ${name} --help" says how it is called.`])
    }
    if (error instanceof SettingsError) {
      say(['The settings are wrong:', ...error.mistakes.map((mistake) => `  - ${mistake}`)])
      return settingsStatus
    }
    const { whyItEnded } = await import('./cli/why-it-ended.ts')
    const { words, status } = whyItEnded(error, broken.signal)
    say(words)
    return status
  }
}

// Whatever is still open, a pipe nobody writes to, must not keep a finished command alive.
main(process.argv.slice(2)).then((status) => process.exit(status))
