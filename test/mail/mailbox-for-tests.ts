import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as plainTest } from 'vitest'
import { type DevMailbox, type DevMailboxOptions, openDevMailbox } from '../../src/mail/dev-mailbox.ts'

type Fixtures = {
  /** a folder of the test's own, which the mailbox makes */
  dir: string
  /** the reports that came in */
  taken: { raw: Uint8Array; envelopeRecipient: string }[]
  /** opens a mailbox on the folder, as often as wanted; late reports are due at once */
  open: (options?: Partial<DevMailboxOptions>) => Promise<DevMailbox>
}

export const test = plainTest.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern what a fixture needs
  dir: async ({}, use) => {
    const parent = await mkdtemp(join(tmpdir(), 'ayes-mailbox-'))
    await use(join(parent, 'mailbox'))
    await rm(parent, { recursive: true })
  },
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern what a fixture needs
  taken: async ({}, use) => use([]),
  open: async ({ dir, taken }, use) => {
    const opened: DevMailbox[] = []
    await use(async (options = {}) => {
      const mailbox = await openDevMailbox({
        dir,
        onReport: async (raw, envelopeRecipient) => void taken.push({ raw, envelopeRecipient }),
        reportAfter: 0,
        ...options,
      })
      opened.push(mailbox)
      return mailbox
    })
    for (const mailbox of opened) await mailbox.close()
  },
})
