import { expect, test } from 'vitest'
import { categories } from '../../../src/core/bounce/category.ts'
import { judgeReply } from '../../../src/core/bounce/judge-reply.ts'
import { readReport } from '../../../src/core/bounce/read-report.ts'
import { readRoot } from '../../support/source-files.ts'

/** The indented blocks below each heading that is the name of a category, a reply a line. */
const documented = readRoot('docs/bounces.md')
  .split(/^### /m)
  .slice(1)
  .flatMap((section) => {
    const name = /^`([a-z-]+)`\n/.exec(section)?.[1]
    const category = categories.find((one) => one === name)
    const block = section.match(/^(?: {4}.*|)\n/gm)?.map((line) => line.slice(4)) ?? []
    return category === undefined ? [] : [{ category, lines: block.map((line) => line.trimEnd()) }]
  })

test('docs/bounces.md has an example of every category', () => {
  expect(documented.map(({ category }) => category)).toEqual(categories)
})

test.each(documented)('what docs/bounces.md calls $category is', async ({ category, lines }) => {
  if (category === 'complaint') {
    const message = lines.join('\n').trim()
    expect(await readReport(Buffer.from(message))).toMatchObject({ isBounce: false, category })
    return
  }
  const replies = lines.filter((line) => line !== '')
  expect(replies.length).toBeGreaterThan(0)
  for (const reply of replies) expect(judgeReply(reply).category, reply).toBe(category)
})
