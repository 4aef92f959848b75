// `ayes restore FILE`: everything into an empty installation.
import { resolve } from 'node:path'
import type { Config } from '../config.ts'
import { openDataDir, putSecret } from '../data-dir.ts'
import { type RestoreOutcome, restoreInstallation } from '../flows/restore-installation.ts'
import { type Database, openDatabase } from '../store/open-database.ts'
import { type Command, readOperands } from './command.ts'
import { signupsIn } from './counts.ts'
import { readSettings } from './open-installation.ts'

export const run: Command = async (args, around) => {
  const [file = ''] = readOperands(args, ['FILE'])
  const config = readSettings(around)
  const dataDir = await openDataDir(config.dataDir)
  let database: Database | null = null
  try {
    const outcome = await restoreInstallation({
      file: resolve(file),
      given: config.secrets,
      signal: around.signal,
      async openDatabase() {
        database = await openDatabase({ databaseUrl: config.databaseUrl, dataDir: config.dataDir })
        return database.connection
      },
      putSecret: (name, secret) => putSecret(dataDir, name, secret),
    })
    around.say(wordsFor(outcome, { file, config }))
    return outcome.kind === 'restored' ? 0 : 1
  } finally {
    await closed(database)
  }
}

// A function of its own: TypeScript does not see that `openDatabase` above has been called.
async function closed(database: Database | null): Promise<void> {
  await database?.close()
}

function wordsFor(outcome: RestoreOutcome, { file, config }: { file: string; config: Config }): string[] {
  switch (outcome.kind) {
    case 'refused':
      return [`Nothing was restored from ${file}: ${outcome.why}.`]
    case 'keys-missing':
      return keysMissing(outcome, file)
    case 'restored':
      return restored(outcome, config)
  }
}

type Missing = Extract<RestoreOutcome, { kind: 'keys-missing' }>

/** The values are in the file and nowhere on the screen. */
function keysMissing({ places, secretKeyIsSet }: Missing, file: string): string[] {
  const shown = places.map((place) => `secrets.${place}`).join(' and ')
  return [
    `Nothing was restored from ${file}: letters that were sent carry links signed with a key that the settings lack.`,
    `Put ${shown} of the dump into SECRET_KEYS_OLD, with a comma between two${secretKeyIsSet ? ', or secrets.secret_key into SECRET_KEY' : ''}, and restore again.`,
    `Its first line shows them: gunzip -c ${JSON.stringify(file)} | head -n 1`,
  ]
}

function restored(outcome: Extract<RestoreOutcome, { kind: 'restored' }>, config: Config): string[] {
  const { rows, release, madeAt, otherAdminToken } = outcome
  const { adminToken, secretKey } = config.secrets
  return [
    `Restored ${signupsIn(rows)}, as release ${release} dumped them at ${madeAt}.`,
    ...(secretKey === null ? [`SECRET_KEY is in ${config.dataDir} now, in the file secret-key.`] : []),
    ...(adminToken === null ? [`ADMIN_TOKEN is in ${config.dataDir} now, in the file admin-token.`] : []),
    ...(otherAdminToken
      ? ['The settings name another ADMIN_TOKEN than the dump holds: that of the settings counts.']
      : []),
    'Letters that waited go out when the service starts: do not let the old installation send them too.',
    'Cursors of earlier exports start from the beginning here.',
  ]
}
