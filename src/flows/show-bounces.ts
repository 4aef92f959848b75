// Reports that came in, as the admin looks through them; what named no letter of ours also with its text.
import { categories } from '../core/bounce/category.ts'
import { readPageCursor, writePageCursor } from '../core/page-cursor.ts'
import { bytesToUuid, uuidToBytes } from '../core/tokens.ts'
import { type BounceFilter, findBounce, type ListedBounce, listBounces } from '../store/list-bounces.ts'
import { isSignupId } from './search-signups.ts'
import type { Service } from './service.ts'

export type { ListedBounce } from '../store/list-bounces.ts'
export const bounceCategories = categories

export type BouncesPage =
  | { readonly kind: 'bad-cursor' }
  | { readonly kind: 'page'; readonly items: readonly ListedBounce[]; readonly next: string | null }

export async function showBounces(
  deps: Pick<Service, 'db'>,
  asked: Omit<BounceFilter, 'before'> & { readonly cursor: string | null },
): Promise<BouncesPage> {
  const { cursor, ...filter } = asked
  const after = cursor === null ? null : readPageCursor(cursor, 16)
  if (cursor !== null && after === null) return { kind: 'bad-cursor' }
  const before = after === null ? null : bytesToUuid(after)
  const found = await listBounces(deps.db, { ...filter, before, limit: asked.limit + 1 })
  const items = found.slice(0, asked.limit)
  const last = items.at(-1)
  const next =
    found.length > items.length && last !== undefined ? writePageCursor(uuidToBytes(last.id)) : null
  return { kind: 'page', items, next }
}

export type BounceInFull = ListedBounce & { readonly raw: string | null }

export async function showBounce(deps: Pick<Service, 'db'>, id: string): Promise<BounceInFull | null> {
  const bounce = isSignupId(id) ? await findBounce(deps.db, id) : null
  return bounce === null ? null : { ...bounce, raw: bounce.raw === null ? null : readable(bounce.raw) }
}

/** Any bytes as text that a terminal shows as it is: no control characters but line breaks and tabs. */
function readable(raw: Buffer): string {
  return new TextDecoder()
    .decode(raw)
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]|\p{Bidi_Control}/gu, '\uFFFD')
}
