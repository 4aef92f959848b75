import { isDatabaseAway } from '../store/open-database.ts'

const againMs = 1_000

/** What the relay said is not lost because the database is away: tried each second, as long as `mayGoOn` says. */
export async function untilRecorded(
  record: () => Promise<unknown>,
  mayGoOn: (tries: number, error: unknown) => boolean,
): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await record()
      return
    } catch (error) {
      if (!isDatabaseAway(error) || !mayGoOn(tries, error)) throw error
      await new Promise((resolve) => setTimeout(resolve, againMs))
    }
  }
}
