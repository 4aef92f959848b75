import { expect } from 'vitest'
import { test } from './relay-for-tests.ts'
import { sampleLetter } from './sample-letter.ts'
import { withoutPipelining } from './scripted-relay.ts'

test('a relay that trickles is late all the same', async ({ scripted }) => {
  const { relay, mailer } = await scripted({ RCPT: { do: 'nothing' } }, { timeouts: { command: 150 } })
  const trickle = setInterval(() => {
    for (const socket of relay.sockets) socket.write('2')
  }, 20)
  const result = await mailer.send(sampleLetter())
  clearInterval(trickle)
  expect(result).toMatchObject({ kind: 'deferred', during: 'rcpt' })
})

test('a letter that was turned away leaves the connection fit for the next', async ({ scripted }) => {
  const { relay, mailer } = await scripted({
    RCPT: (time) => (time === 1 ? '550 5.1.1 unknown' : '250 ok'),
  })
  expect((await mailer.send(sampleLetter())).kind).toBe('refused')
  await mailer.send(sampleLetter({ token: 'second' }))
  await mailer.send(sampleLetter({ token: 'third' }))
  expect(relay.messages).toHaveLength(2)
  expect(relay.commands).toContain('RSET')
})

test('a kept connection that has died meanwhile costs the next letter nothing', async ({ scripted }) => {
  const { relay, mailer } = await scripted({ MAIL: (time) => (time === 2 ? { do: 'drop' } : '250 ok') })
  expect((await mailer.send(sampleLetter())).kind).toBe('accepted')
  expect((await mailer.send(sampleLetter())).kind).toBe('accepted')
  expect(relay.connections).toBe(2)
  expect(relay.messages).toHaveLength(2)
})

test('a kept connection at its limit costs the next letter nothing', async ({ scripted }) => {
  const { relay, mailer } = await scripted({
    MAIL: (time) => (time === 2 ? '421 4.4.5 enough' : '250 ok'),
  })
  await mailer.send(sampleLetter())
  expect((await mailer.send(sampleLetter())).kind).toBe('accepted')
  expect(relay.connections).toBe(2)
})

test('an answer that comes after we gave up disturbs no other letter', async ({ scripted }) => {
  const { relay, mailer } = await scripted(
    { message: (time) => (time === 1 ? { do: 'nothing' } : '250 2.0.0 second') },
    { timeouts: { message: 60 } },
  )
  expect((await mailer.send(sampleLetter())).kind).toBe('deferred')
  for (const socket of relay.sockets) socket.write('250 2.0.0 first, late\r\n')
  expect(await mailer.send(sampleLetter({ token: 'second' }))).toEqual({
    kind: 'accepted',
    reply: '250 2.0.0 second',
  })
})

test('a reply without end is not read to the end', async ({ scripted }) => {
  const line = `250-${'x'.repeat(500)}\r\n`
  const { mailer } = await scripted({ EHLO: withoutPipelining, RCPT: line.repeat(200) })
  const result = await mailer.send(sampleLetter())
  expect(result).toMatchObject({
    kind: 'deferred',
    during: 'rcpt',
    reply: expect.stringContaining('maximum allowed size'),
  })
})

test('letters share at most as many connections as are allowed', async ({ real }) => {
  const { relay, mailer } = await real()
  const letters = Array.from({ length: 40 }, (_, at) => sampleLetter({ token: `token${at}` }))
  const results = await Promise.all(letters.map((letter) => mailer.send(letter)))
  expect(results.every(({ kind }) => kind === 'accepted')).toBe(true)
  expect(new Set(relay.taken.map(({ envelope }) => JSON.stringify(envelope.dsn))).size).toBe(40)
  expect(relay.peak).toBe(3)
})

test('a connection ends after a hundred letters, and the next goes out on a new one', async ({
  scripted,
}) => {
  const { relay, mailer } = await scripted({}, { concurrency: 1 })
  for (let at = 0; at < 101; at++) expect((await mailer.send(sampleLetter())).kind).toBe('accepted')
  expect(relay.connections).toBe(2)
  expect(relay.commands.filter((command) => command === 'QUIT')).toHaveLength(1)
})

test('an idle connection is closed after a while', async ({ scripted }) => {
  const { relay, mailer } = await scripted(
    { QUIT: { say: '221 bye\r\n', ending: true } },
    { timeouts: { idle: 20 } },
  )
  await mailer.send(sampleLetter())
  await expect.poll(() => relay.sockets.size).toBe(0)
  expect(relay.commands.at(-1)).toBe('QUIT')
})

test('closing waits for the letters on their way and takes no more', async ({ real }) => {
  const { relay, mailer } = await real({
    onData(stream, _session, done) {
      stream.resume()
      stream.on('end', () => {
        void mailer.close().then(() => finished.push('closed'))
        finished.push('taken')
        setImmediate(done)
      })
    },
  })
  const finished: string[] = []
  const result = await mailer.send(sampleLetter())
  await mailer.close()
  expect(result.kind).toBe('accepted')
  expect(finished).toEqual(['taken', 'closed'])
  await expect(mailer.send(sampleLetter())).rejects.toThrow('closed')
  expect(relay.peak).toBe(1)
})
