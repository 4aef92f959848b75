// Everything into an empty installation. Nothing is touched before it is certain that the links in letters already
// sent will still be answered; the secrets are written last, just before the rows are committed.
import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import {
  type DatabaseConnection,
  DumpRefusal,
  type DumpSecrets,
  type OpenDump,
  openDump,
  type RestoredRows,
  restoreDatabase,
} from '../store/restore.ts'

export type GivenSecrets = {
  /** Null: kept in DATA_DIR. */
  readonly adminToken: string | null
  readonly secretKey: string | null
  readonly oldSecretKeys: readonly string[]
}

export type RestoreInput = {
  readonly file: string
  readonly given: GivenSecrets
  readonly signal: AbortSignal | null
  /** Opened only when the file and the keys are in order. */
  readonly openDatabase: () => Promise<DatabaseConnection>
  readonly putSecret: (name: 'admin-token' | 'secret-key', secret: string) => Promise<unknown>
}

export type RestoreOutcome =
  | {
      readonly kind: 'restored'
      readonly rows: RestoredRows
      readonly release: string
      readonly madeAt: string
      /** The settings name another ADMIN_TOKEN than the dump holds; theirs counts. */
      readonly otherAdminToken: boolean
    }
  | { readonly kind: 'refused'; readonly why: string }
  /** Where in the header the keys stand that the settings lack. */
  | { readonly kind: 'keys-missing'; readonly places: readonly string[]; readonly secretKeyIsSet: boolean }

export async function restoreInstallation(input: RestoreInput): Promise<RestoreOutcome> {
  const file = createReadStream(input.file)
  const text = createGunzip({ chunkSize: 256 * 1024 })
  file.once('error', (error) => text.destroy(error))
  file.pipe(text)
  try {
    return await restore(await openDump(text), input)
  } catch (error) {
    const why = whyRefused(error, input.file)
    if (why === null) throw error
    return { kind: 'refused', why }
  } finally {
    file.destroy()
    text.destroy()
  }
}

async function restore(dump: OpenDump, input: RestoreInput): Promise<RestoreOutcome> {
  const { secrets, release, madeAt } = dump.header
  const { given } = input
  const places = missingKeys(secrets, given)
  if (places.length > 0) return { kind: 'keys-missing', places, secretKeyIsSet: given.secretKey !== null }
  const rows = await restoreDatabase(dump, {
    connection: await input.openDatabase(),
    signal: input.signal,
    async beforeCommit() {
      if (given.secretKey === null) await input.putSecret('secret-key', secrets.secretKey)
      if (given.adminToken === null) await input.putSecret('admin-token', secrets.adminToken)
    },
  })
  const otherAdminToken = given.adminToken !== null && given.adminToken !== secrets.adminToken
  return { kind: 'restored', rows, release, madeAt, otherAdminToken }
}

/** Letters that were sent carry links signed by any of the dump's keys: each must be accepted afterwards. */
function missingKeys(dumped: DumpSecrets, given: GivenSecrets): string[] {
  const accepted = new Set([given.secretKey ?? dumped.secretKey, ...given.oldSecretKeys])
  const keys: [string, string][] = [
    ['secret_key', dumped.secretKey],
    ...dumped.oldSecretKeys.map((key, at): [string, string] => [`secret_keys_old[${at}]`, key]),
  ]
  return keys.filter(([, key]) => !accepted.has(key)).map(([place]) => place)
}

/** Null for what is no fault of the file. */
function whyRefused(error: unknown, file: string): string | null {
  if (error instanceof DumpRefusal) return error.message
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'Z_BUF_ERROR') return 'it is incomplete: its end is missing'
  if (code === 'Z_DATA_ERROR') return 'it is no dump that Ayes wrote, or it is damaged'
  const isOfTheFile = error instanceof Error && 'path' in error && error.path === file
  return isOfTheFile || code === 'EISDIR' ? `it cannot be read (${code})` : null
}
