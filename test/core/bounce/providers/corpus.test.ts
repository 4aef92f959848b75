import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { type Provider, providers } from '../../../../src/core/bounce/door.ts'
import { readProviderEvents } from '../../../../src/core/bounce/providers/read-event.ts'

/** Webhooks of real providers, kept beside the project and never in it. */
const file = fileURLToPath(new URL('../../../../../shared/corpora/bounces/webhooks.jsonl', import.meta.url))
const present = existsSync(file)
if (!present) console.log(`no corpus of webhooks at ${file}: its tests are skipped`)

type Row = { provider: string; label: string; payload: unknown }
type Known = { provider: Provider; label: string; payload: unknown }

function knownRows(): Known[] {
  const rows: Row[] = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  return rows.flatMap(({ provider: name, label, payload }) => {
    const provider = providers.find((one) => one === name.replace(/^amazon_?/, ''))
    return provider === undefined || label === 'mixed' ? [] : [{ provider, label, payload }]
  })
}

describe.skipIf(!present)('on real webhooks', () => {
  test('a mailbox is called dead with a precision of 0.99 and a recall of 0.95', () => {
    const answers = knownRows().map(({ provider, label, payload }) => ({
      want: label === 'mailbox-does-not-exist',
      got: readProviderEvents(provider, payload).some(
        ({ report }) => report.category === 'mailbox-does-not-exist',
      ),
    }))
    const right = answers.filter(({ want, got }) => want && got).length
    expect(right / answers.filter(({ got }) => got).length).toBeGreaterThanOrEqual(0.99)
    expect(right / answers.filter(({ want }) => want).length).toBeGreaterThanOrEqual(0.95)
  })

  test('what is no bounce is taken for none', () => {
    const taken = knownRows()
      .filter(({ label }) => label === 'not-a-bounce')
      .filter(({ provider, payload }) =>
        readProviderEvents(provider, payload).some(({ report }) => report.isBounce),
      )
    expect(taken).toEqual([])
  })

  test('an event of one provider at the door of another is answered', () => {
    for (const { payload } of knownRows())
      for (const provider of providers) expect(readProviderEvents(provider, payload).length).toBeLessThan(10)
  })
})
