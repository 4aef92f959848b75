// JSON lines, "event" first. Written at once and synchronously, so that none is lost when the process ends.
import { pino } from 'pino'
import { openHide } from './log/hide.ts'
import { loggableFields } from './log/loggable.ts'

export type LogFields = Readonly<Record<string, unknown>>
type Write = (event: string, fields?: LogFields) => void

export type Log = { debug: Write; info: Write; warn: Write; error: Write }

/** Where lines go. `write` gets one line at a time, with its line break. */
export type LogDestination = { write(line: string): unknown }

export type LogOptions = {
  /** Standard output by default; `standardError()` for a command whose standard output is data. */
  destination?: LogDestination
  /** True: nothing is written before `announce`, whose line then is the first. */
  hold?: boolean
  /** Values that are hidden wherever they turn up. */
  secrets?: readonly string[]
}

export type OpenLog = {
  log: Log
  /** Writes this line whatever the level is, then those that were held back, and holds nothing any more. */
  announce(event: string, fields?: LogFields): void
  /** Hides a secret that was not known yet when the log was opened. */
  hide(secret: string): void
  /** Without an announcement what was held back, and whatever follows, goes to standard error. */
  close(): void
}

// Beyond it a start that never ends would fill the memory with lines that nobody sees.
const mostHeld = 1_000
// What piles up while the disk is full or the reader stalls; beyond it lines are dropped, and the service lives.
const mostUnwritten = 4_000_000

export function openLog(level: keyof Log, options: LogOptions = {}): OpenLog {
  const hide = openHide(options.secrets)
  let destination = options.destination ?? openFile(1)
  let held: string[] | null = options.hold === true ? [] : null

  const sink: LogDestination = {
    write(line) {
      if (held === null) destination.write(line)
      else if (held.push(line) > mostHeld) spill()
    },
  }

  function spill(): void {
    if (held === null || held.length === 0) return
    const error = standardError()
    for (const line of held) error.write(line)
    held = []
  }
  if (held !== null) process.once('exit', spill)

  const lines = pinoFor(level, sink)
  const fieldsOf = (event: string, fields: LogFields = {}) => ({
    event: hide.text(event),
    ...loggableFields(fields, hide),
  })
  const writeAt = (at: keyof Log): Write => {
    if (!lines.isLevelEnabled(at)) return () => {}
    return (event, fields) => lines[at](fieldsOf(event, fields))
  }

  return {
    log: { debug: writeAt('debug'), info: writeAt('info'), warn: writeAt('warn'), error: writeAt('error') },
    announce(event, fields) {
      const before = held ?? []
      held = null
      process.off('exit', spill)
      pinoFor('info', destination).info(fieldsOf(event, fields))
      for (const line of before) destination.write(line)
    },
    hide: hide.add,
    close() {
      if (held === null) return
      spill()
      held = null
      destination = standardError()
      process.off('exit', spill)
    },
  }
}

export function standardError(): LogDestination {
  return openFile(2)
}

function openFile(fd: 1 | 2): LogDestination {
  const file = pino.destination({ fd, sync: true, maxLength: mostUnwritten })
  // A reader that went away or a full disk must not end the service.
  file.on('error', () => {})
  return file
}

function pinoFor(level: keyof Log, destination: LogDestination) {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      hooks: { streamWrite: eventFirst },
    },
    destination,
  )
}

// pino begins every line with level and time; the contract begins the first one with "event".
const beginning = /^\{("level":"[a-z]+","time":"[^"]+"),(.*)\}\n$/s

function eventFirst(line: string): string {
  return line.replace(beginning, (_, ours: string, fields: string) => `{${fields},${ours}}\n`)
}
