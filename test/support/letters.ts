// The dev mailbox as a test reads it: what the service sent, and the links in it.
import type { TestService } from './running-service.ts'

export type ReadLetter = {
  readonly id: string
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly headers: readonly { name: string; value: string }[]
}

/** Resolves when `found` answers something, asking again and again; fails after thirty seconds. */
export async function eventually<T>(
  found: () => Promise<T | null | undefined | false>,
  what = 'it',
): Promise<T> {
  const end = performance.now() + 30_000
  for (;;) {
    const value = await found()
    if (value !== null && value !== undefined && value !== false) return value
    if (performance.now() > end) throw new Error(`${what} did not come within thirty seconds`)
    await new Promise((resolve) => setTimeout(resolve, 15))
  }
}

/** Letters to an address, newest first. */
export async function lettersTo(service: Pick<TestService, 'fetch'>, email: string): Promise<ReadLetter[]> {
  const { items } = (await (await service.fetch('/dev/mailbox')).json()) as {
    items: { id: string; to: string }[]
  }
  const mine = items.filter((item) => item.to === email)
  return Promise.all(
    mine.map(async ({ id }) => (await (await service.fetch(`/dev/mailbox/${id}`)).json()) as ReadLetter),
  )
}

/** Waits until `count` letters to the address are there; the newest. */
export async function letterTo(
  service: Pick<TestService, 'fetch'>,
  email: string,
  count = 1,
): Promise<ReadLetter> {
  const letters = await eventually(async () => {
    const found = await lettersTo(service, email)
    return found.length >= count && found
  }, `letter ${count} to ${email}`)
  const [newest] = letters
  if (newest === undefined) throw new Error(`no letter to ${email}`)
  return newest
}

/** The path of the letter's link of a kind. */
export function linkIn(letter: ReadLetter, kind: 'confirm' | 'not-me' | 'unsubscribe'): string {
  const match = new RegExp(`/${kind}/[A-Za-z0-9_-]{43}`).exec(letter.text)
  if (match === null) throw new Error(`the letter has no ${kind} link`)
  return match[0]
}
