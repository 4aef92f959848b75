// The certificates of SNS: from a real https server under the name of Amazon’s host, in good times and bad.
import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeCertificate } from '../../../support/certificate.ts'
import { noticeOf, openSesHouse, type SesHouse } from '../../../support/ses-house.ts'
import { type SnsHost, signingCertificate, snsMessage, snsName } from '../../../support/sns-host.ts'

let house: SesHouse
beforeAll(async () => {
  house = await openSesHouse()
})
afterAll(() => house.close())

describe('the certificate', () => {
  const day = 86_400_000
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  const certificate = (own: object = {}) => makeCertificate({ name: 'sns.amazonaws.com', key, ...own })

  test.each([
    ['that has expired', certificate({ to: new Date(Date.now() - 1_000) })],
    [
      'that is not valid yet',
      certificate({ from: new Date(Date.now() + day), to: new Date(Date.now() + 2 * day) }),
    ],
    [
      'of another kind of key',
      makeCertificate({ name: 'x', key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey }),
    ],
    ['that is none', '<html>'],
    ['larger than any', `${certificate()}${'\n'.repeat(70_000)}`],
  ])('%s proves nothing', async (_, pem) => {
    house.openDoor()
    house.host.answer = (_, answer) => void answer.end(pem)
    expect((await house.post(snsMessage({}, key))).status).toBe(401)
  })

  test('that is good for now is fetched again once it is not', async () => {
    house.openDoor()
    house.host.answer = (_, answer) => void answer.end(certificate({ to: new Date(Date.now() + day) }))
    expect((await house.post(snsMessage({}, key))).status).toBe(200)
    house.flows.advance((2 * day) / 1000)
    const Timestamp = new Date(Date.now() + 2 * day).toISOString()
    expect((await house.post(snsMessage({ Timestamp }, key))).status).toBe(401)
    expect(house.host.asked).toHaveLength(2)
    house.flows.advance((-2 * day) / 1000)
  })

  test('is not looked for behind a redirect', async () => {
    house.openDoor()
    house.host.answer = (request, answer) => {
      if (request.url === '/elsewhere.pem') return void answer.end(signingCertificate)
      answer.writeHead(302, { location: `https://${snsName}/elsewhere.pem` }).end()
    }
    expect((await house.post(snsMessage({}))).status).toBe(401)
    expect(house.host.asked).toHaveLength(1)
  })

  test.each<[string, SnsHost['answer']]>([
    [
      'breaks off',
      (_, answer) =>
        void answer.writeHead(200, { 'content-length': '999' }).write('-', () => answer.destroy()),
    ],
    ['is in trouble', (_, answer) => void answer.writeHead(503).end()],
    ['says nothing for five seconds', () => {}],
  ])(
    'is asked for again later where the host %s',
    async (_, answer) => {
      house.openDoor()
      house.host.answer = answer
      const about = await house.letter()
      const message = snsMessage({ Message: noticeOf(about) })
      expect((await house.post(message)).status).toBe(503)
      expect(await house.statusOf(about)).toBe('pending')
      house.host.answer = (_, fine) => void fine.end(signingCertificate)
      expect((await house.post(message)).status).toBe(200)
      expect(await house.statusOf(about)).toBe('invalid')
    },
    30_000,
  )

  test('is fetched once for many messages at once; for others no more than a few at a time', async () => {
    house.openDoor()
    const held: (() => void)[] = []
    house.host.answer = (_, answer) => void held.push(() => answer.end(signingCertificate))
    const url = (n: number) => `https://${snsName}/${n}.pem`
    const same = Array.from({ length: 5 }, () => house.post(snsMessage({ SigningCertURL: url(0) })))
    const others = Array.from({ length: 9 }, (_, n) => house.post(snsMessage({ SigningCertURL: url(n + 1) })))
    // those for whom there is no room are answered while the rest waits
    await Promise.all(others.slice(4))
    await expect.poll(() => held.length, { timeout: 4_000 }).toBe(4)
    for (const end of held) end()
    expect((await Promise.all(same)).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    const statuses = (await Promise.all(others)).map(({ status }) => status)
    expect(statuses.toSorted()).toEqual([200, 200, 200, ...Array(6).fill(503)])
  })
})
