// TEMPLATES_DIR, as whoever writes templates meets it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { letterFor, newAddress } from '../support/http.ts'
import { startTestService, type TestService } from '../support/running-service.ts'
import { environment, root } from '../support/service-process.ts'

let dir = ''
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ayes-templates-'))
})
afterAll(() => rm(dir, { recursive: true, force: true, maxRetries: 10 }))

test('a broken overlay is told by file and line, and the process ends with 78 before it opens anything', async () => {
  await mkdir(join(dir, 'lists/default/letters'), { recursive: true })
  await writeFile(
    join(dir, 'lists/default/letters/already.txt.liquid'),
    'Hello\n{{ list.nmae }}\n{{ unsubscribeUrl }}\n',
  )
  await writeFile(join(dir, 'layout.liquid'), '{% if lang %}')
  const child = spawn(process.execPath, ['--import', './require-node.mjs', 'src/main.ts'], {
    cwd: root,
    env: environment({ TEMPLATES_DIR: dir, DATA_DIR: join(dir, 'data') }),
  })
  let said = ''
  let out = ''
  child.stderr.on('data', (chunk) => {
    said += String(chunk)
  })
  child.stdout.on('data', (chunk) => {
    out += String(chunk)
  })
  const [code] = await once(child, 'close')
  expect(code).toBe(78)
  expect(said).toContain(`${join(dir, 'lists/default/letters/already.txt.liquid')}:2: `)
  expect(said).toContain(`${join(dir, 'layout.liquid')}:1: `)
  expect(out).not.toContain('listening')
})

test('letters and pages are the operator’s, and a folder of a list that there is not is told in the log', async () => {
  const service: TestService = await startTestService({ TEMPLATES_DIR: 'docs/examples/templates' })
  try {
    const told = service.logged.filter((line) => line.includes('templates-of-unknown-list'))
    expect(told).toHaveLength(1)
    expect(told[0]).toContain('lists/harvest')
    const email = newAddress()
    const letter = await letterFor(service, email)
    const page = await service.fetch(letter.confirm, { headers: { accept: 'text/html' } })
    expect(await page.text()).toContain('12 Orchard Lane')
  } finally {
    await service.close()
  }
})
