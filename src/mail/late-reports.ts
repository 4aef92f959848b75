import { randomUUID } from 'node:crypto'
import type { Log } from '../log.ts'
import { namesIn, openFolder, readStrings, removeFile, writeWhole } from './private-files.ts'
import { sameAddress } from './same-address.ts'

/** A report that comes in later: to whom our letter went, and whom the report goes to. */
export type LateReport = { recipient: string; envelopeRecipient: string; raw: string }

export type OnReport = (raw: Uint8Array, envelopeRecipient: string) => Promise<void>

// The time at which it is due comes first.
const fileName = /^\d{15}-[0-9a-f-]{36}\.json$/
// Whoever takes reports may be away for a while, the database for one.
const retryAfter = 5_000

/** Reports on disk until they were taken: what was due while the service was down comes in when it is back. */
export class LateReports {
  readonly #dir: string
  readonly #onReport: OnReport
  readonly #now: () => Date
  readonly #log: Log | undefined
  readonly #timers = new Map<string, NodeJS.Timeout>()
  readonly #underWay = new Set<Promise<void>>()
  #closed = false

  static async open(options: {
    dir: string
    onReport: OnReport
    now: () => Date
    log?: Log | undefined
  }): Promise<LateReports> {
    await openFolder(options.dir)
    const reports = new LateReports(options)
    for (const name of await namesIn(options.dir, fileName)) reports.#schedule(name)
    return reports
  }

  private constructor(options: { dir: string; onReport: OnReport; now: () => Date; log?: Log | undefined }) {
    this.#dir = options.dir
    this.#onReport = options.onReport
    this.#now = options.now
    this.#log = options.log
  }

  async add(report: LateReport, due: Date): Promise<void> {
    const name = `${String(due.getTime()).padStart(15, '0')}-${randomUUID()}.json`
    await writeWhole(this.#dir, name, JSON.stringify(report))
    this.#schedule(name)
  }

  async erase(email: string): Promise<void> {
    for (const name of await namesIn(this.#dir, fileName)) {
      const report = await readStrings(this.#dir, name, ['recipient'])
      if (report !== null && sameAddress(report.recipient, email)) await removeFile(this.#dir, name)
    }
  }

  /** Hands over nothing more and waits for what is being handed over. The rest stays for the next start. */
  async close(): Promise<void> {
    this.#closed = true
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
    await Promise.all(this.#underWay)
  }

  #schedule(name: string, wait = Number.parseInt(name, 10) - this.#now().getTime()): void {
    if (this.#closed) return
    const timer = setTimeout(
      () => {
        this.#timers.delete(name)
        const work = this.#handOver(name).finally(() => this.#underWay.delete(work))
        this.#underWay.add(work)
      },
      Math.max(0, wait),
    )
    this.#timers.set(name, timer)
  }

  /** At least once: the file goes only after the report was taken. */
  async #handOver(name: string): Promise<void> {
    const report = await readStrings(this.#dir, name, ['envelopeRecipient', 'raw'])
    if (report === null) return
    try {
      await this.#onReport(Buffer.from(report.raw), report.envelopeRecipient)
      await removeFile(this.#dir, name)
    } catch (error) {
      this.#log?.warn('late-report-not-taken', { error, again_in: `${retryAfter / 1000}s` })
      this.#schedule(name, retryAfter)
    }
  }
}
