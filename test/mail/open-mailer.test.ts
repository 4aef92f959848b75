import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openMailer } from '../../src/mail/open-mailer.ts'
import { sampleLetter } from './sample-letter.ts'
import { startScriptedRelay } from './scripted-relay.ts'

const relayOptions = { name: 'ayes.example', concurrency: 1, dkim: null }

test('with a relay letters go there, and there is no dev mailbox', async () => {
  const relay = await startScriptedRelay()
  const { mailer, devMailbox } = await openMailer({
    smtpUrl: relay.url,
    relay: relayOptions,
    devMailbox: { dir: '/nowhere', onReport: async () => {} },
  })
  expect((await mailer.send(sampleLetter())).kind).toBe('accepted')
  expect(relay.messages).toHaveLength(1)
  expect(devMailbox).toBeNull()
  await mailer.close()
  await relay.close()
})

test('without a relay letters stay in the dev mailbox', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'ayes-mailer-'))
  const { mailer, devMailbox } = await openMailer({
    smtpUrl: null,
    relay: relayOptions,
    devMailbox: { dir, onReport: async () => {} },
  })
  await mailer.send(sampleLetter())
  expect(await devMailbox?.list()).toHaveLength(1)
  await mailer.close()
  await rm(dir, { recursive: true })
})
