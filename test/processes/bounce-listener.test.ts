// The bounce listener of the service as a process: it is open before the first line, and its roles decide.
import { rm } from 'node:fs/promises'
import { afterAll, expect, test } from 'vitest'
import { startTestService } from '../support/running-service.ts'
import { makeDataDir, startProcess } from '../support/service-process.ts'
import { openTalk } from '../support/smtp-talk.ts'

const dirs: string[] = []
afterAll(async () => {
  for (const dir of dirs) await rm(dir, { recursive: true, force: true, maxRetries: 10 })
})

test('the first line says where it listens, it is open by then, and it ends with the service', async () => {
  const DATA_DIR = await makeDataDir()
  dirs.push(DATA_DIR)
  const service = await startProcess({
    DATA_DIR,
    BOUNCE_ADDRESS: 'bounces@example.com',
    BOUNCE_LISTEN: 'lmtp://127.0.0.1:0',
  })
  const first: unknown = JSON.parse(service.stdout[0] ?? '')
  expect(first).toMatchObject({
    event: 'listening',
    url: service.url,
    bounces: expect.stringMatching(/^lmtp:\/\/127\.0\.0\.1:[1-9]\d*$/),
  })
  const { bounces } = first as { bounces: string }
  const talk = await openTalk(bounces)
  expect(await talk.reply()).toMatch(/^220 /)
  expect(await talk.say('LHLO mx.example.net')).toMatch(/^250-/)
  expect(await service.stop()).toBe(0)
  expect(await talk.reply()).toMatch(/^421 /)
})

test('a process without the role bounces does not listen for them', async () => {
  const settings = { BOUNCE_ADDRESS: 'bounces@example.com', BOUNCE_LISTEN: 'lmtp://127.0.0.1:0' }
  const service = await startTestService({ ...settings, ROLES: 'http,send' })
  expect(service.bounces).toBe(null)
  await service.close()
  const other = await startTestService({ ...settings, ROLES: 'bounces', PUBLIC_URL: 'http://localhost:3000' })
  expect(other.url).toBe(null)
  expect(other.bounces).toMatch(/^lmtp:/)
  await other.close()
})
