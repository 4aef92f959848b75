// The first line of a dump and its last, both JSON.
import type { DumpedTable } from './contents.ts'
import { DumpRefusal } from './refusal.ts'

export type DumpSecrets = {
  readonly adminToken: string
  readonly secretKey: string
  readonly oldSecretKeys: readonly string[]
}

export type DumpHeader = {
  readonly release: string
  readonly madeAt: string
  /** The steps that the database had taken, in their order. */
  readonly migrations: readonly string[]
  readonly secrets: DumpSecrets
  readonly tables: readonly DumpedTable[]
}

export type DumpTrailer = {
  readonly rows: Readonly<Record<string, number>>
  /** of every byte before the trailer's line, in hex */
  readonly sha256: string
}

const format = 1

export function writeHeader(header: DumpHeader): string {
  const { release, madeAt, migrations, secrets, tables } = header
  return JSON.stringify({
    ayes_dump: format,
    release,
    made_at: madeAt,
    migrations,
    secrets: {
      admin_token: secrets.adminToken,
      secret_key: secrets.secretKey,
      secret_keys_old: secrets.oldSecretKeys,
    },
    tables,
  })
}

export function readHeader(line: string): DumpHeader {
  const header = objectIn(line)
  if (header?.ayes_dump === undefined) throw new DumpRefusal('it is not a dump that Ayes wrote')
  if (header.ayes_dump !== format) {
    const release = typeof header.release === 'string' ? header.release : 'another release'
    throw new DumpRefusal(`it was written by ${release} in a form that this release does not know`)
  }
  const secrets = record(header.secrets)
  return {
    release: string(header.release),
    madeAt: string(header.made_at),
    migrations: strings(header.migrations),
    secrets: {
      adminToken: string(secrets.admin_token),
      secretKey: string(secrets.secret_key),
      oldSecretKeys: strings(secrets.secret_keys_old),
    },
    tables: array(header.tables).map((table) => {
      const { name, columns } = record(table)
      return { name: string(name), columns: strings(columns) }
    }),
  }
}

export function readTrailer(line: string): DumpTrailer {
  const { rows, sha256 } = record(objectIn(line))
  const counts = Object.entries(record(rows)).map(([name, n]) => [name, typeof n === 'number' ? n : -1])
  return { rows: Object.fromEntries(counts), sha256: string(sha256) }
}

export function objectIn(line: string): Record<string, unknown> | null {
  try {
    return record(JSON.parse(line))
  } catch {
    return null
  }
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw damaged()
  return { ...value }
}

function array(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw damaged()
  return value
}

function string(value: unknown): string {
  if (typeof value !== 'string') throw damaged()
  return value
}

function strings(value: unknown): string[] {
  return array(value).map(string)
}

export function damaged(): DumpRefusal {
  return new DumpRefusal('it is damaged')
}
