// Lists are few and asked for by every signup: kept in memory for a second, so that a change in another process is
// seen soon and a change in this one at once.

import {
  type List,
  type ListChange,
  lockList,
  readConsent,
  readList,
  readListById,
  readListOrigins,
  readLists,
  saveList,
} from '../store/lists.ts'
import { type Db, inTransaction } from '../store/open-database.ts'

const freshMs = 1_000

export type { List, ListChange } from '../store/lists.ts'

export type Lists = {
  find(slug: string): Promise<List | null>
  findById(id: number): Promise<List | null>
  /** The words that a signup of this version agreed to. */
  consent(list: List, version: number): Promise<string | null>
  all(): Promise<List[]>
  /** Every site that some list allows: what a preflight, which names no list, is asked by. */
  origins(): Promise<ReadonlySet<string>>
  /** The list as it is now becomes what `next` makes of it; two changes at once come one after the other. */
  change(slug: string, next: (before: List | null) => ListChange, now: Date): Promise<'made' | 'changed'>
}

export function openLists(db: Db, now: () => number = () => performance.now()): Lists {
  const bySlug = new Map<string, { list: List; at: number }>()
  const byId = new Map<number, { list: List; at: number }>()
  const consents = new Map<string, string | null>()
  let origins: { sites: Promise<ReadonlySet<string>>; at: number } | null = null

  function keep(list: List | null): List | null {
    if (list !== null) {
      const entry = { list, at: now() }
      bySlug.set(list.slug, entry)
      byId.set(list.id, entry)
    }
    return list
  }
  const fresh = (entry: { list: List; at: number } | undefined) =>
    entry !== undefined && now() - entry.at < freshMs ? entry.list : null

  return {
    find: async (slug) => fresh(bySlug.get(slug)) ?? keep(await readList(db, slug)),
    findById: async (id) => fresh(byId.get(id)) ?? keep(await readListById(db, id)),
    all: () => readLists(db),
    origins() {
      if (origins === null || now() - origins.at >= freshMs) {
        origins = { sites: readListOrigins(db).then((sites) => new Set(sites)), at: now() }
      }
      return origins.sites
    },
    async consent(list, version) {
      if (version === list.consentVersion) return list.consent
      if (version === 0) return null
      const key = `${list.id}/${version}`
      let text = consents.get(key)
      if (text === undefined) {
        text = await readConsent(db, list.id, version)
        consents.set(key, text)
      }
      return text
    },
    async change(slug, next, at) {
      const done = await inTransaction(db, async (trx) =>
        saveList(trx, slug, next(await lockList(trx, slug)), at),
      )
      bySlug.clear()
      byId.clear()
      origins = null
      return done
    },
  }
}

/** The list that a signup belongs to: the schema lets none be without. */
export async function listOf(lists: Lists, signup: { id: string; list_id: number }): Promise<List> {
  const list = await lists.findById(signup.list_id)
  if (list === null) throw new Error(`signup ${signup.id} belongs to no list`)
  return list
}
