// `ayes dump FILE`: everything out of the installation.
import { resolve } from 'node:path'
import { openDataDir } from '../data-dir.ts'
import { dumpInstallation } from '../flows/dump-installation.ts'
import { readSecrets } from '../secrets.ts'
import { type Command, readOperands } from './command.ts'
import { signupsIn } from './counts.ts'
import { openQuietLog, readSettings, withDatabase } from './open-installation.ts'
import { readRelease } from './release.ts'

export const run: Command = async (args, around) => {
  const [file = ''] = readOperands(args, ['FILE'])
  const config = readSettings(around)
  const secrets = await readSecrets(config, await openDataDir(config.dataDir), openQuietLog(config))
  const outcome = await withDatabase(config, ({ connection }) =>
    dumpInstallation(
      {
        connection,
        release: readRelease(),
        secrets: { ...secrets, oldSecretKeys: config.secrets.oldSecretKeys },
        madeAt: new Date(),
        signal: around.signal,
      },
      resolve(file),
    ),
  )
  if (outcome.kind === 'refused') {
    around.say([`Nothing was dumped: ${outcome.why}.`])
    return 1
  }
  const { rows, bytes } = outcome
  around.say([
    `${file} holds everything: ${signupsIn(rows)} (${bytes} bytes).`,
    'It also holds ADMIN_TOKEN and SECRET_KEY as they are: whoever reads it can read every address, call the API',
    'and forge links. Its mode is 0600; keep it where only you can read it.',
  ])
  return 0
}
