// Exports as text and as rows, and subscribers who leave, for tests of what goes out.
import { expect, vi } from 'vitest'
import { makeLinkToken } from '../../src/core/tokens.ts'
import { unsubscribe } from '../../src/flows/unsubscribe.ts'
import { type AdminHouse, nobody } from './admin-house.ts'
import { readCsv } from './read-csv.ts'

export type Exports = ReturnType<typeof openExports>

export function openExports(house: AdminHouse) {
  let lists = 0
  async function newList(): Promise<string> {
    const slug = `list-${++lists}`
    await house.api(`/api/lists/${slug}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'News', consent: 'I want "news",\nevery week' }),
    })
    return slug
  }

  async function exported(slug: string, query = '', what = 'subscribers') {
    const answer = await house.api(`/api/lists/${slug}/${what}${query}`)
    const text = await answer.text()
    return { answer, text, next: answer.headers.get('ayes-next') ?? '' }
  }

  async function emails(slug: string, query = '', what = 'subscribers'): Promise<string[]> {
    const { text } = await exported(slug, query, what)
    return readCsv(text)
      .slice(1)
      .map(([email = '']) => email)
      .sort()
  }

  /** A cursor that leads past everything: other databases of the same server hold it back for as long as they write. */
  async function cursorPastAll(slug: string, what = 'subscribers'): Promise<string> {
    return vi.waitFor(
      async () => {
        const { next } = await exported(slug, '', what)
        expect(await emails(slug, `?since=${next}`, what)).toEqual([])
        return next
      },
      { timeout: 20_000 },
    )
  }

  async function leave(signupId: string): Promise<void> {
    const token = makeLinkToken(house.deps.ring.current, 'unsubscribe', signupId)
    await unsubscribe(house.deps, { token, client: nobody })
  }

  return { newList, exported, emails, cursorPastAll, leave }
}
