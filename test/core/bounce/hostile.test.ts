import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { categories } from '../../../src/core/bounce/category.ts'
import { judgeReply } from '../../../src/core/bounce/judge-reply.ts'
import { type Report, readReport } from '../../../src/core/bounce/read-report.ts'
import { hostileInputs } from './hostile-inputs.ts'
import { deliveryReport, eximReport, qmailReport, sendmailTranscript } from './sample-reports.ts'

/** Catches what runs away, on any machine; the promise of 50 ms on a quiet core is for `npm run bench -- bounces`. */
const LONGEST = 2_000
const MEGABYTE = 1024 * 1024

function isSound(report: Report): boolean {
  const known = report.category === null || categories.includes(report.category)
  return (
    known &&
    (!report.isBounce || report.category !== null) &&
    report.rule !== '' &&
    Array.isArray(report.named)
  )
}

async function costOf(input: Uint8Array): Promise<number> {
  let best = Number.POSITIVE_INFINITY
  for (let run = 0; run < 3 && best > LONGEST / 4; run += 1) {
    const start = performance.now()
    expect(isSound(await readReport(input))).toBe(true)
    best = Math.min(best, performance.now() - start)
  }
  return best
}

test('any bytes are an answer', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (bytes) => isSound(await readReport(bytes))),
    { numRuns: 300 },
  )
})

test('any text is a reply', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 500, unit: 'binary' }), (text) =>
      categories.includes(judgeReply(text).category),
    ),
    { numRuns: 500 },
  )
})

test('reports that were cut, repeated, reordered or bitten are answered', async () => {
  const report = fc.constantFrom(deliveryReport({}), eximReport, qmailReport, sendmailTranscript)
  const lines = report.chain((whole) => fc.shuffledSubarray(whole.split('\n'), { minLength: 1 }))
  const damage = fc.record({
    lines,
    cut: fc.nat(3000),
    times: fc.integer({ min: 1, max: 5 }),
    byte: fc.nat(255),
  })
  await fc.assert(
    fc.asyncProperty(damage, async ({ lines: some, cut, times, byte }) => {
      const text = some.join('\n').repeat(times)
      const bytes = Buffer.from(text.slice(0, Math.max(1, cut)), 'latin1')
      bytes[Math.floor(bytes.length / 2)] = byte
      return isSound(await readReport(bytes))
    }),
    { numRuns: 300 },
  )
})

test('line ends never change an answer', async () => {
  const pieces = fc.constantFrom(
    '550 5.1.1 User unknown',
    'Subject: a',
    '',
    ' folded',
    '--part/1',
    'Action: failed',
    '>',
  )
  await fc.assert(
    fc.asyncProperty(fc.array(pieces, { maxLength: 40 }), async (lines) => {
      const answers = await Promise.all(
        ['\n', '\r\n', '\r'].map((end) => readReport(Buffer.from(lines.join(end)))),
      )
      expect(answers[1]).toEqual(answers[0])
      expect(answers[2]).toEqual(answers[0])
    }),
    { numRuns: 100 },
  )
})

describe('a megabyte of trouble costs less than 50 ms', () => {
  test.each(hostileInputs)('%s', async (_what, input) => {
    expect(await costOf(input)).toBeLessThan(LONGEST)
  })

  test('one header of 10 MB', async () => {
    expect(await costOf(Buffer.from(`Subject: ${'x'.repeat(10 * MEGABYTE)}\n\nhello`))).toBeLessThan(LONGEST)
  })

  test('what comes after the first megabyte is not read', async () => {
    const early = Buffer.from(
      `From: mailer-daemon@x.example\nSubject: failure\n\n${'x\n'.repeat(MEGABYTE / 2)}`,
    )
    const late = Buffer.concat([early, Buffer.from('\n550 5.1.1 User unknown\n')])
    expect(await readReport(late)).toEqual(await readReport(late.subarray(0, MEGABYTE)))
  })
})

test('a reply made to be slow is read at once', () => {
  const words = [
    'user ',
    'recipient address ',
    'domain of a ',
    'mailbox is ',
    'host ',
    'sender ',
    '550-',
    '5.1.1',
    'a@',
    '(',
    "'",
  ]
  for (const word of words) {
    const reply = word.repeat(20_000)
    judgeReply(reply)
    const start = performance.now()
    judgeReply(reply)
    expect(performance.now() - start, word).toBeLessThan(LONGEST)
  }
})
