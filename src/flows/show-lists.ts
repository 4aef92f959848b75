// Lists as the admin sees them: what they are set to, and how many signups they have in each state.
import { readPageCursor, writePageCursor } from '../core/page-cursor.ts'
import { countSignups, type StatusCounts } from '../store/search-signups.ts'
import type { List } from './lists.ts'
import type { Service } from './service.ts'

export type CountedList = { readonly list: List; readonly counts: StatusCounts }

export type ListsPage =
  | { readonly kind: 'bad-cursor' }
  | { readonly kind: 'page'; readonly items: readonly CountedList[]; readonly next: string | null }

type Deps = Pick<Service, 'db' | 'lists' | 'now'>

export async function showLists(
  deps: Deps,
  page: { limit: number; cursor: string | null },
): Promise<ListsPage> {
  const after = page.cursor === null ? '' : readPageCursor(page.cursor)?.toString('latin1')
  if (after === undefined) return { kind: 'bad-cursor' }
  const all = (await deps.lists.all())
    .filter((list) => list.slug > after)
    .sort((a, b) => (a.slug < b.slug ? -1 : 1))
  const lists = all.slice(0, page.limit)
  const items = await counted(deps, lists)
  const last = lists.at(-1)
  const next =
    all.length > lists.length && last !== undefined ? writePageCursor(Buffer.from(last.slug)) : null
  return { kind: 'page', items, next }
}

export async function showList(deps: Deps, slug: string): Promise<CountedList | null> {
  const list = await deps.lists.find(slug)
  if (list === null) return null
  const [one] = await counted(deps, [list])
  return one ?? null
}

async function counted(deps: Deps, lists: readonly List[]): Promise<CountedList[]> {
  const counts = await countSignups(deps.db, { now: deps.now(), listIds: lists.map((list) => list.id) })
  return lists.flatMap((list) => {
    const of = counts.get(list.id)
    return of === undefined ? [] : [{ list, counts: of }]
  })
}
