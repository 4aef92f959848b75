// The secrets that the settings give, or those of our own in DATA_DIR, made on first use.
import { randomBytes } from 'node:crypto'
import type { Config } from './config.ts'
import { type DataDir, ownSecret } from './data-dir.ts'
import type { OpenLog } from './log.ts'

export type Secrets = {
  readonly adminToken: string
  /** Where a generated admin token lies; null for one from the settings. */
  readonly adminTokenFile: string | null
  readonly secretKey: string
}

export async function readSecrets(
  config: Config,
  dataDir: DataDir,
  opened: Pick<OpenLog, 'log' | 'hide'>,
): Promise<Secrets> {
  for (const notice of dataDir.notices) opened.log.warn('data-dir', { notice })
  const own = async (name: string, given: string | null) => {
    if (given !== null) return { secret: given, file: null }
    const made = await ownSecret(dataDir, name, () => randomBytes(32).toString('base64url'))
    opened.hide(made.secret)
    for (const notice of made.notices) opened.log.warn('data-dir', { notice })
    return made
  }
  const admin = await own('admin-token', config.secrets.adminToken)
  const key = await own('secret-key', config.secrets.secretKey)
  return { adminToken: admin.secret, adminTokenFile: admin.file, secretKey: key.secret }
}
