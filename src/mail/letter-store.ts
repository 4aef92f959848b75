import { hash } from 'node:crypto'
import { namesIn, openFolder, readStrings, removeFile, writeWhole } from './private-files.ts'
import { sameAddress } from './same-address.ts'

/** A letter as the dev mailbox keeps it. `at` is ISO 8601, `raw` the letter as it would have gone out. */
export type KeptLetter = LetterSummary & { text: string; html: string; envelopeFrom: string; raw: string }

export type LetterSummary = {
  id: string
  at: string
  from: string
  to: string
  subject: string
  /** the answer with which it was taken */
  reply: string
}

const summaryFields = ['at', 'from', 'to', 'subject', 'reply'] as const
const fields = [...summaryFields, 'text', 'html', 'envelopeFrom', 'raw'] as const

// Milliseconds first, so that names sort by age; then the Message-ID, hashed, so that a repeat is known by its name.
const fileName = /^(\d{15}-([0-9a-f]{32}))\.json$/
const readAtOnce = 32

/**
 * Letters as files, the newest `keep` of them. The files are the truth: other processes may add to the folder, and
 * what is remembered here only spares reading a file twice, since no file ever changes.
 */
export class LetterStore {
  readonly #dir: string
  readonly #keep: number
  readonly #summaries = new Map<string, LetterSummary>()
  /** Oldest first: the file of each Message-ID that this process knows. */
  readonly #files = new Map<string, string>()
  #newest = 0

  static async open(dir: string, keep: number): Promise<LetterStore> {
    await openFolder(dir)
    const store = new LetterStore(dir, keep)
    for (const name of await namesIn(dir, fileName)) await store.#remember(name)
    return store
  }

  private constructor(dir: string, keep: number) {
    this.#dir = dir
    this.#keep = keep
  }

  /** A letter with the same Message-ID is replaced. */
  async keep(messageId: string, letter: Omit<KeptLetter, 'id' | 'at'>, now: Date): Promise<string> {
    // Two letters in one millisecond, or a clock that was set back: the order of arrival still holds.
    this.#newest = Math.max(now.getTime(), this.#newest + 1)
    const id = `${String(this.#newest).padStart(15, '0')}-${keyOf(messageId)}`
    await writeWhole(this.#dir, `${id}.json`, JSON.stringify({ at: now.toISOString(), ...letter }))
    await this.#remember(`${id}.json`)
    return id
  }

  /** Newest first. */
  async list(): Promise<LetterSummary[]> {
    const newest = new Map<string, string>()
    for (const name of await namesIn(this.#dir, fileName)) newest.set(messageOf(name), name)
    const names = [...newest.values()].sort().reverse().slice(0, this.#keep)
    this.#forgetAllBut(new Set(names))
    const found: (LetterSummary | null)[] = []
    for (let at = 0; at < names.length; at += readAtOnce) {
      found.push(...(await Promise.all(names.slice(at, at + readAtOnce).map((name) => this.#summary(name)))))
    }
    return found.filter((summary) => summary !== null)
  }

  async read(id: string): Promise<KeptLetter | null> {
    if (!fileName.test(`${id}.json`)) return null
    const letter = await readStrings(this.#dir, `${id}.json`, fields)
    return letter === null ? null : { ...letter, id }
  }

  /** Removes every letter to this address and says how many there were. */
  async erase(email: string): Promise<number> {
    let erased = 0
    for (const name of await namesIn(this.#dir, fileName)) {
      const summary = await this.#summary(name)
      if (summary === null || !sameAddress(summary.to, email)) continue
      if (await this.#remove(name)) erased++
    }
    return erased
  }

  async #remember(name: string): Promise<void> {
    const message = messageOf(name)
    const before = this.#files.get(message)
    this.#files.delete(message)
    this.#files.set(message, name)
    this.#newest = Math.max(this.#newest, Number.parseInt(name, 10))
    if (before !== undefined) await this.#remove(before)
    for (const oldest of this.#files.values()) {
      if (this.#files.size <= this.#keep) break
      this.#files.delete(messageOf(oldest))
      await this.#remove(oldest)
    }
  }

  async #remove(name: string): Promise<boolean> {
    this.#summaries.delete(name)
    if (this.#files.get(messageOf(name)) === name) this.#files.delete(messageOf(name))
    return removeFile(this.#dir, name)
  }

  async #summary(name: string): Promise<LetterSummary | null> {
    const known = this.#summaries.get(name)
    if (known !== undefined) return known
    const read = await readStrings(this.#dir, name, summaryFields)
    if (read === null) return null
    const { at, from, to, subject, reply } = read
    const summary = { id: name.slice(0, -'.json'.length), at, from, to, subject, reply }
    this.#summaries.set(name, summary)
    return summary
  }

  #forgetAllBut(names: ReadonlySet<string>): void {
    for (const name of this.#summaries.keys()) if (!names.has(name)) this.#summaries.delete(name)
  }
}

/** Names a letter in the mailbox without giving away its Message-ID, in which its token stands. */
export function keyOf(messageId: string): string {
  return hash('sha256', messageId).slice(0, 32)
}

function messageOf(name: string): string {
  return fileName.exec(name)?.[2] ?? name
}
