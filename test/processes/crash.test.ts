// kill -9 while signups and sending are under way: every answered signup has its letter, and no letter two names.
import { rm } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { eventually } from '../support/letters.ts'
import { makeDataDir, type ServiceProcess, startProcess } from '../support/service-process.ts'
import { openSmtpSink, type SmtpSink } from '../support/smtp-sink.ts'

const kills = 2
const atOnce = 12

function settings(dataDir: string, sink: SmtpSink): Record<string, string> {
  return {
    DATA_DIR: dataDir,
    SMTP_URL: sink.url,
    MAIL_FROM: 'Ayes <ayes@example.com>',
    BOUNCE_ADDRESS: '*@bounce.example.com',
    SIGNUPS_PER_CLIENT: 'off',
    LOG_LEVEL: 'error',
  }
}

/** Signs up one address after another until the service is gone; the addresses that got their 202. */
async function signUpUntilGone(service: ServiceProcess, name: string): Promise<string[]> {
  const answered: string[] = []
  await Promise.all(
    Array.from({ length: atOnce }, async (_, lane) => {
      for (let n = 0; ; n++) {
        const email = `${name}-${lane}-${n}@example.com`
        try {
          const answer = await fetch(`${service.url}/signups`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ email }),
          })
          if (answer.status === 202) answered.push(email)
          await answer.arrayBuffer()
        } catch {
          return
        }
      }
    }),
  )
  return answered
}

test('every signup that was answered has its letter after kill -9, and every letter one Message-ID', async () => {
  const sink = await openSmtpSink()
  const dataDir = await makeDataDir()
  const answered: string[] = []
  try {
    for (let round = 0; round < kills; round++) {
      const service = await startProcess(settings(dataDir, sink))
      const before = sink.letters.length
      const signingUp = signUpUntilGone(service, `round${round}`)
      await eventually(async () => sink.letters.length > before + 40, 'forty letters')
      service.child.kill('SIGKILL')
      answered.push(...(await signingUp))
    }
    expect(answered.length).toBeGreaterThan(40 * kills)
    const last = await startProcess(settings(dataDir, sink))
    const restarted = performance.now()
    const missing = () => {
      const got = new Set(sink.letters.map((letter) => letter.to))
      return answered.filter((email) => !got.has(email))
    }
    while (missing().length > 0 && performance.now() - restarted < 60_000) {
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    expect(missing()).toEqual([])
    expect(await last.stop()).toBe(0)
    const names = new Map<string, Set<string>>()
    for (const { to, messageId } of sink.letters) names.set(to, (names.get(to) ?? new Set()).add(messageId))
    expect([...names.values()].filter((ids) => ids.size !== 1)).toEqual([])
    const ids = new Set(sink.letters.map((letter) => letter.messageId))
    expect(ids.size).toBe(names.size)
  } finally {
    await sink.close()
    await rm(dataDir, { recursive: true, force: true, maxRetries: 10 })
  }
}, 120_000)
