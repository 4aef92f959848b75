import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { openPrinter } from '../src/cli/doctor/print-findings.ts'
import { openOutput } from '../src/cli/output.ts'
import { findingsOf } from '../src/core/doctor/finding.ts'

const relay = findingsOf('relay')
const findings = [
  relay.ok('relay', 'It answers'),
  relay.wrong('relay-sender', 'It refuses us', 'ask it'),
  findingsOf('spf').cannotTell('spf-relay', 'Who knows', 'send one'),
  { ...findingsOf('letter').ok('DATA', '354 go on'), seconds: 0.25 },
]

async function printed(how: { json: boolean; colour: boolean }): Promise<{ wrong: number; shown: string }> {
  const stdout = new PassThrough()
  const shown = text(stdout)
  const printer = openPrinter(openOutput(stdout), how)
  for (const finding of findings) await printer.print(finding)
  const wrong = await printer.end()
  stdout.end()
  return { wrong, shown: await shown }
}

test('findings are grouped, with what to do below them, and counted', async () => {
  expect(await printed({ json: false, colour: false })).toEqual({
    wrong: 1,
    shown: `Relay
  ok           It answers
  WRONG        It refuses us
               → ask it

SPF
  cannot tell  Who knows
               → send one

Test letter
  ok           0.250 s  DATA: 354 go on

1 is wrong: 1 ok, 0 warnings, 1 cannot tell.
`,
  })
})

test('as JSON they are one object a line, and nothing else', async () => {
  const { wrong, shown } = await printed({ json: true, colour: true })
  expect([
    wrong,
    shown
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ]).toEqual([1, findings])
})

test('with colour the words are the same', async () => {
  const { shown } = await printed({ json: false, colour: true })
  expect(shown).toContain('\u001b[31mWRONG      \u001b[0m')
  const plain = await printed({ json: false, colour: false })
  expect(shown.replaceAll(/\u001b\[\d+m/g, '')).toBe(plain.shown)
})
