import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { readReport } from '../../src/core/bounce/read-report.ts'
import { test } from './mailbox-for-tests.ts'
import { sampleLetter } from './sample-letter.ts'

describe('late reports', () => {
  const letter = sampleLetter({ to: 'late-5.1.1@example.org' })

  test('late-5.1.1@ is accepted, and then a report comes in that is read as that', async ({
    dir,
    open,
    taken,
  }) => {
    const mailbox = await open()
    expect((await mailbox.send(letter)).kind).toBe('accepted')
    await expect.poll(() => taken.length).toBe(1)
    expect(taken[0]?.envelopeRecipient).toBe(letter.envelopeFrom)
    const report = await readReport(taken[0]?.raw ?? new Uint8Array())
    expect(report).toMatchObject({
      isBounce: true,
      category: 'mailbox-does-not-exist',
      status: '5.1.1',
      recipient: letter.to,
      forwarded: false,
    })
    expect(report.named.join('\n')).toContain(letter.envelopeFrom)
    expect(report.named.join('\n')).toContain(letter.messageId)
    expect(report.named).toContain(letter.token)
    expect(await mailbox.list()).toHaveLength(1)
    await expect.poll(() => readdir(join(dir, 'reports'))).toEqual([])
  })

  test('it is not due before its time, and survives a restart', async ({ open, taken }) => {
    const start = new Date()
    const mailbox = await open({ reportAfter: 3_600_000, now: () => start })
    await mailbox.send(letter)
    await mailbox.close()
    expect(taken).toEqual([])
    await open({ now: () => new Date(start.getTime() + 3_600_000) })
    await expect.poll(() => taken.length).toBe(1)
    expect(Buffer.from(taken[0]?.raw ?? []).toString()).toContain('5.1.1')
  })

  test('one that nobody could take comes in at the next start', async ({ open, taken }) => {
    let tries = 0
    const mailbox = await open({
      onReport: async () => {
        tries++
        throw new Error('the database is away')
      },
    })
    await mailbox.send(letter)
    await expect.poll(() => tries).toBe(1)
    await mailbox.close()
    await open()
    await expect.poll(() => taken.length).toBe(1)
  })

  test('closing waits for a report that is being taken', async ({ open }) => {
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
    const { promise: released, resolve: release } = Promise.withResolvers<void>()
    const finished: string[] = []
    const mailbox = await open({
      onReport: async () => {
        begin()
        await released
        finished.push('taken')
      },
    })
    await mailbox.send(letter)
    await begun
    const closed = mailbox.close().then(() => finished.push('closed'))
    release()
    await closed
    expect(finished).toEqual(['taken', 'closed'])
    await expect(mailbox.send(letter)).rejects.toThrow('closed')
  })
})

describe('erasing a person', () => {
  test('takes letters, reports to come and counts, in any spelling, and nothing else', async ({
    dir,
    open,
    taken,
  }) => {
    const mailbox = await open({ reportAfter: 3_600_000 })
    await mailbox.send(sampleLetter({ token: 'one', to: 'Anna@example.org' }))
    await mailbox.send(sampleLetter({ token: 'two', to: 'anna@example.org' }))
    await mailbox.send(sampleLetter({ token: 'three', to: 'bert@example.org' }))
    await mailbox.send(sampleLetter({ token: 'four', to: 'late-5.1.1@example.org' }))
    await mailbox.send(sampleLetter({ token: 'five', to: 'defer-4.7.1@example.org' }))
    expect(await mailbox.erase('ANNA@EXAMPLE.ORG')).toBe(2)
    expect(await mailbox.erase('late-5.1.1@example.org')).toBe(1)
    expect(await mailbox.erase('defer-4.7.1@example.org')).toBe(0)
    expect((await mailbox.list()).map(({ to }) => to)).toEqual(['bert@example.org'])
    for (const part of ['letters', 'reports', 'deferred']) {
      for (const name of await readdir(join(dir, part))) {
        expect(await readFile(join(dir, part, name), 'utf8')).not.toMatch(/anna|late-|defer-/i)
      }
    }
    await mailbox.close()
    await open({ now: () => new Date(Date.now() + 7_200_000) })
    expect(taken).toEqual([])
  })
})
