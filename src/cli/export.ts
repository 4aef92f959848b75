// `ayes export LIST`: the subscribers, byte for byte as GET /api/lists/LIST/subscribers answers.
import { openKeyRing } from '../core/keys.ts'
import { openDataDir } from '../data-dir.ts'
import type { ExportFormat, ExportInput, ExportOutcome } from '../flows/export-stream.ts'
import { exportSubscribers } from '../flows/export-subscribers.ts'
import { openLinks } from '../flows/links.ts'
import { openLists } from '../flows/lists.ts'
import { readSecrets } from '../secrets.ts'
import { openCopies } from '../store/copy-out.ts'
import { readInstallation } from '../store/installation.ts'
import { type Around, type Command, readArguments, SettingsError, UsageError } from './command.ts'
import { openQuietLog, readSettings, whyNotReadable, withDatabase } from './open-installation.ts'
import { openOutput } from './output.ts'

export const run: Command = async (args, around) => {
  const input = readInput(args)
  const config = readSettings(around)
  const { publicUrl } = config.http
  if (publicUrl === null) {
    throw new SettingsError([
      'PUBLIC_URL is not set and PORT is 0, so nobody knows where the unsubscribe links lead: write PUBLIC_URL',
    ])
  }
  const opened = openQuietLog(config)
  const { secretKey } = await readSecrets(config, await openDataDir(config.dataDir), opened)
  return withDatabase(config, async (database) => {
    const unreadable = await whyNotReadable(database)
    if (unreadable !== null) {
      around.say([unreadable])
      return 1
    }
    const { db, connection } = database
    const { epoch } = await readInstallation(db)
    const copies = openCopies(connection)
    try {
      const deps = {
        db,
        epoch,
        copies,
        ring: openKeyRing(secretKey, config.secrets.oldSecretKeys),
        links: openLinks(() => publicUrl),
        lists: openLists(db),
        log: opened.log,
        now: () => new Date(),
      }
      return await print(await exportSubscribers(deps, input), { input, around })
    } finally {
      await copies.close()
    }
  })
}

function readInput(args: readonly string[]): ExportInput {
  const { values, operands } = readArguments(args, ['format', 'since'])
  const [slug, extra] = operands
  if (slug === undefined) throw new UsageError('LIST is missing')
  if (extra !== undefined) throw new UsageError(`${JSON.stringify(extra)} is one word too many`)
  return { slug, format: readFormat(values.get('format')), since: values.get('since') ?? null, isHead: false }
}

function readFormat(text = 'csv'): ExportFormat {
  if (text === 'csv' || text === 'ndjson') return text
  throw new UsageError(`--format is ${JSON.stringify(text)}: write csv or ndjson`)
}

type Printing = { input: ExportInput; around: Around }

async function print(outcome: ExportOutcome, { input, around }: Printing): Promise<number> {
  switch (outcome.kind) {
    case 'unknown-list':
      around.say([`There is no list ${JSON.stringify(input.slug)}: GET /api/lists shows those that are.`])
      return 1
    case 'bad-since':
      throw new UsageError(
        '--since is neither a time, such as 2026-01-31T12:00:00Z, nor a cursor of this list',
      )
    case 'busy':
      around.say(['Too many exports are running: try again later.'])
      return 1
    case 'none':
      return 0
    case 'rows': {
      const stop = () => void outcome.stop()
      around.signal.addEventListener('abort', stop)
      try {
        const output = openOutput(around.stdout)
        for await (const block of outcome.blocks) await output.write(block)
        await output.end()
      } finally {
        around.signal.removeEventListener('abort', stop)
        await outcome.stop()
      }
      around.say([`The next export goes on from here with --since ${outcome.next}`])
      return 0
    }
  }
}
