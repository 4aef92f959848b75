import { readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { test } from './mailbox-for-tests.ts'
import { sampleLetter } from './sample-letter.ts'

test('any address works, and the letter can be read with all its parts', async ({ open }) => {
  const mailbox = await open({ now: () => new Date('2026-03-01T12:00:00Z') })
  const letter = sampleLetter({ to: 'jürgen@xn--bcher-kva.example' })
  const result = await mailbox.send(letter)
  expect(result).toEqual({
    kind: 'accepted',
    reply: expect.stringMatching(/^250 2\.0\.0 Ok: queued in the dev mailbox as [0-9A-F]{10}$/),
  })
  const [first] = await mailbox.list()
  expect(first).toMatchObject({
    at: '2026-03-01T12:00:00.000Z',
    from: 'Example News <news@example.com>',
    to: letter.to,
    subject: letter.subject,
  })
  expect(await mailbox.read(first?.id ?? '')).toMatchObject({
    ...first,
    text: letter.text,
    html: letter.html,
    envelopeFrom: letter.envelopeFrom,
    raw: expect.stringContaining(`X-Ayes-Letter: ${letter.token}\r\n`),
  })
})

test('the newest comes first, also within a millisecond, and all are there after a restart', async ({
  open,
}) => {
  const mailbox = await open({ now: () => new Date('2026-03-01T12:00:00Z') })
  for (const at of [1, 2, 3]) await mailbox.send(sampleLetter({ token: `token${at}`, subject: `${at}` }))
  const again = await open({ now: () => new Date('2026-03-01T12:00:00Z') })
  await again.send(sampleLetter({ token: 'token4', subject: '4' }))
  expect((await again.list()).map(({ subject }) => subject)).toEqual(['4', '3', '2', '1'])
  expect(await mailbox.list()).toEqual(await again.list())
})

test('a letter that is sent again replaces itself', async ({ dir, open }) => {
  const mailbox = await open()
  await mailbox.send(sampleLetter({ subject: 'first try' }))
  await mailbox.send(sampleLetter({ token: 'another' }))
  await mailbox.send(sampleLetter({ subject: 'second try' }))
  expect((await mailbox.list()).map(({ subject }) => subject)).toEqual(['second try', 'Please confirm'])
  expect(await readdir(join(dir, 'letters'))).toHaveLength(2)
})

test('only the newest are kept', async ({ dir, open }) => {
  const mailbox = await open({ keep: 3 })
  for (const at of [1, 2, 3, 4, 5])
    await mailbox.send(sampleLetter({ token: `token${at}`, subject: `${at}` }))
  expect((await mailbox.list()).map(({ subject }) => subject)).toEqual(['5', '4', '3'])
  expect(await readdir(join(dir, 'letters'))).toHaveLength(3)
  expect((await (await open({ keep: 2 })).list()).map(({ subject }) => subject)).toEqual(['5', '4'])
})

test('nobody else on the machine can read them', async ({ dir, open }) => {
  const mailbox = await open()
  await mailbox.send(sampleLetter())
  const [name] = await readdir(join(dir, 'letters'))
  expect((await stat(dir)).mode & 0o777).toBe(0o700)
  expect((await stat(join(dir, 'letters'))).mode & 0o777).toBe(0o700)
  expect((await stat(join(dir, 'letters', name ?? ''))).mode & 0o777).toBe(0o600)
})

test('files that are none of its own disturb nothing, and no id leads out of the folder', async ({
  dir,
  open,
}) => {
  const mailbox = await open()
  await mailbox.send(sampleLetter())
  const [letter] = await mailbox.list()
  await writeFile(join(dir, 'letters', `${'9'.repeat(15)}-${'a'.repeat(32)}.json`), '{"half":')
  await writeFile(join(dir, 'letters', 'notes.txt'), 'x')
  await writeFile(join(dir, 'secret.json'), '{}')
  expect(await mailbox.list()).toEqual([letter])
  for (const id of [
    '../secret',
    '..',
    '',
    `${'9'.repeat(15)}-${'a'.repeat(32)}`,
    `${letter?.id}/../${letter?.id}`,
  ]) {
    expect(await mailbox.read(id)).toBeNull()
  }
})

test('a letter that no relay could carry is impossible here too', async ({ open }) => {
  const mailbox = await open()
  expect(await mailbox.send(sampleLetter({ to: 'a@b>\r\nDATA' }))).toMatchObject({ kind: 'impossible' })
})
