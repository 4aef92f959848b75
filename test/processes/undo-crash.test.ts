// kill -9 while a wave is being undone: after the next start everybody has been written to, and nobody by two letters.
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { eventually } from '../support/letters.ts'
import { openRefusingSink } from '../support/refusing-sink.ts'
import { makeDataDir, type ServiceProcess, startProcess } from '../support/service-process.ts'

type Wave = { id: string; undo: { sent: number; skipped: number; done_at: string | null } | null }

test('an undoing that was killed goes on', async () => {
  const sink = await openRefusingSink()
  const dataDir = await makeDataDir()
  const settings = {
    DATA_DIR: dataDir,
    SMTP_URL: sink.url,
    MAIL_FROM: 'Ayes <ayes@example.com>',
    BOUNCE_ADDRESS: '*@bounce.example.com',
    DNS_CHECK: 'off',
    TRUST_PROXY: '1',
    LOG_LEVEL: 'error',
  }
  let service: ServiceProcess = await startProcess(settings)
  const token = (await readFile(join(dataDir, 'admin-token'), 'utf8')).trim()
  const admin = async (path: string, method = 'GET'): Promise<unknown> =>
    (await fetch(`${service.url}${path}`, { method, headers: { authorization: `Bearer ${token}` } })).json()
  const wave = async () => ((await admin('/api/waves')) as { items: Wave[] }).items[0]
  let clients = 0
  const signUp = (email: string) =>
    fetch(`${service.url}/signups`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': `198.51.100.${++clients}` },
      body: JSON.stringify({ email }),
    })
  try {
    for (let n = 0; n < 12; n++) await signUp(`well${n}@outage.example`)
    await eventually(async () => sink.letters.length === 12, 'the first letters')
    sink.refuses.add('outage.example')
    const ill = Array.from({ length: 10 }, (_, n) => `ill${n}@outage.example`)
    for (const email of ill) await signUp(email)
    const { id } = await eventually(wave, 'the alarm')
    await eventually(async () => {
      const { items } = (await admin('/api/signups?status=invalid')) as { items: unknown[] }
      return items.length === ill.length
    }, 'the refusals')

    sink.refuses.clear()
    await admin(`/api/waves/${id}/undo`, 'POST')
    const lettersTo = (email: string) => sink.letters.filter((letter) => letter.to === email)
    await eventually(async () => ill.some((email) => lettersTo(email).length > 0), 'the first fresh letter')
    service.child.kill('SIGKILL')
    await service.ended
    service = await startProcess(settings)
    await eventually(async () => ill.every((email) => lettersTo(email).length > 0), 'the other letters')
    await eventually(async () => (await wave())?.undo?.done_at, 'the end')
    expect(await wave()).toMatchObject({ undo: { sent: 10, skipped: 0 } })
    for (const email of ill) {
      expect(new Set(lettersTo(email).map(({ messageId }) => messageId)).size).toBe(1)
    }
    expect(await service.stop()).toBe(0)
  } finally {
    service.child.kill('SIGKILL')
    await sink.close()
    await rm(dataDir, { recursive: true, force: true, maxRetries: 10 })
  }
}, 180_000)
