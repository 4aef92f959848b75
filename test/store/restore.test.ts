// What cannot be restored whole is not restored at all.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dumpInstallation } from '../../src/flows/dump-installation.ts'
import { makeDatabase } from '../support/database.ts'
import { changeDump, emptyCopy, look, restoreInto, secrets, sourceOf } from '../support/dumps.ts'
import { fillInstallation } from '../support/full-installation.ts'
import { insertPending } from '../support/rows.ts'

let dir: string
let file: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ayes-restore-'))
  file = join(dir, 'full.dump')
  const source = await makeDatabase()
  await fillInstallation(source.database.db)
  expect(await dumpInstallation(sourceOf(source.database), file)).toMatchObject({ kind: 'dumped' })
  await source.close()
})
afterAll(() => rm(dir, { recursive: true }))

describe('nothing is restored', () => {
  async function expectRefusal(url: string, from: string, why: RegExp) {
    const outcome = await restoreInto(url, from)
    expect(outcome).toMatchObject({ kind: 'refused', why: expect.stringMatching(why) })
  }

  test('from a file that was cut off, wherever', async () => {
    const url = await emptyCopy()
    const cut = join(dir, 'cut.dump')
    await changeDump(file, cut, { bytes: (bytes) => bytes.subarray(0, bytes.length - 8) })
    await expectRefusal(url, cut, /incomplete/)
    for (const share of [0.05, 0.6]) {
      await changeDump(file, cut, { text: (text) => text.slice(0, Math.floor(text.length * share)) })
      await expectRefusal(url, cut, /incomplete/)
    }
    await changeDump(file, cut, { text: (text) => text.slice(0, text.lastIndexOf('{')) })
    await expectRefusal(url, cut, /incomplete/)
    expect(await look(url, ({ db }) => db.selectFrom('signups').selectAll().execute())).toEqual([])
  })

  test('from a file that was changed, or is something else', async () => {
    const url = await emptyCopy()
    const changed = join(dir, 'changed.dump')
    await changeDump(file, changed, { text: (text) => text.replace('left@example.com', 'best@example.com') })
    await expectRefusal(url, changed, /damaged/)
    await changeDump(file, changed, { text: () => 'something else\n' })
    await expectRefusal(url, changed, /not a dump/)
    await writeFile(changed, 'something else')
    await expectRefusal(url, changed, /no dump/)
    await expectRefusal(url, join(dir, 'not-there'), /ENOENT/)
    await expectRefusal(url, dir, /EISDIR/)
  })

  test('when a row does not fit: the database says which, and stays empty', async () => {
    const url = await emptyCopy()
    const changed = join(dir, 'misfit.dump')
    await changeDump(file, changed, { text: (text) => text.replace('\tunsubscribed\t', '\tundecided\t') })
    await expect(restoreInto(url, changed)).rejects.toThrow(/violates check constraint/)
    expect(await restoreInto(url, file)).toMatchObject({ kind: 'restored' })
  })

  test('from a newer release', async () => {
    const newer = join(dir, 'newer.dump')
    await changeDump(file, newer, {
      text: (text) => text.replace('"0002-letters"', '"0002-letters","9999-later"'),
    })
    await expectRefusal(await emptyCopy(), newer, /newer than this release.*9999-later/)
  })

  test('into an installation that holds something', async () => {
    const url = await emptyCopy()
    await look(url, ({ db }) => insertPending(db))
    await expectRefusal(url, file, /not empty, it holds signups/)
    const other = await emptyCopy()
    await look(other, ({ db }) =>
      db.insertInto('lists').values({ slug: 'more', name: 'More', locale: 'en' }).execute(),
    )
    await expectRefusal(other, file, /not empty, it holds lists/)
  })

  test('while a service uses the database', async () => {
    const url = await emptyCopy()
    const service = new pg.Client({ connectionString: url, application_name: 'ayes' })
    await service.connect()
    await expectRefusal(url, file, /running Ayes/)
    await service.end()
  })

  test('when the last step fails: the installation is as empty as it was', async () => {
    const url = await emptyCopy()
    const fail = { putSecret: () => Promise.reject(new Error('no room')) }
    await expect(restoreInto(url, file, fail)).rejects.toThrow('no room')
    expect(await restoreInto(url, file)).toMatchObject({ kind: 'restored' })
  })

  test('when letters that were sent would lose their links', async () => {
    const given = { adminToken: 'a', secretKey: 'another secret key', oldSecretKeys: [] as string[] }
    const url = 'postgres://nobody.invalid/nothing'
    expect(await restoreInto(url, file, { given })).toEqual({
      kind: 'keys-missing',
      places: ['secret_key', 'secret_keys_old[0]'],
      secretKeyIsSet: true,
    })
    const accepted = { ...given, oldSecretKeys: [secrets.secretKey, ...secrets.oldSecretKeys] }
    expect(await restoreInto(await emptyCopy(), file, { given: accepted })).toMatchObject({
      kind: 'restored',
      otherAdminToken: true,
    })
  })
})

test('generated secrets move along', async () => {
  const put: string[][] = []
  const putSecret = async (name: string, secret: string) => void put.push([name, secret])
  const given = { adminToken: null, secretKey: null, oldSecretKeys: secrets.oldSecretKeys }
  await restoreInto(await emptyCopy(), file, { given, putSecret })
  expect(put).toEqual([
    ['secret-key', secrets.secretKey],
    ['admin-token', secrets.adminToken],
  ])
})
