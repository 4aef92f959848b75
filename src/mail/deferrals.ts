import { hash } from 'node:crypto'
import { namesIn, openFolder, readStrings, removeFile, writeWhole } from './private-files.ts'
import { sameAddress } from './same-address.ts'

// How often `defer-CODE@` turns a letter away before it takes it.
const refusals = 2
// Letters that nobody tries again leave their count behind.
const mostCounts = 1_000

const fileName = /^[0-9a-f]{32}\.json$/

/** How often each letter was turned away for now; on disk, so that a restart does not begin anew. */
export class Deferrals {
  readonly #dir: string

  static async open(dir: string): Promise<Deferrals> {
    await openFolder(dir)
    const names = await namesIn(dir, fileName)
    for (const name of names.slice(mostCounts)) await removeFile(dir, name)
    return new Deferrals(dir)
  }

  private constructor(dir: string) {
    this.#dir = dir
  }

  /** True while this letter is to be turned away; counts. */
  async turnsAway(letter: { id: string; to: string }): Promise<boolean> {
    const name = `${hash('sha256', letter.id).slice(0, 32)}.json`
    const before = Number((await readStrings(this.#dir, name, ['count']))?.count ?? 0)
    if (before >= refusals) {
      await removeFile(this.#dir, name)
      return false
    }
    await writeWhole(this.#dir, name, JSON.stringify({ to: letter.to, count: String(before + 1) }))
    return true
  }

  async erase(email: string): Promise<void> {
    for (const name of await namesIn(this.#dir, fileName)) {
      const kept = await readStrings(this.#dir, name, ['to'])
      if (kept !== null && sameAddress(kept.to, email)) await removeFile(this.#dir, name)
    }
  }
}
