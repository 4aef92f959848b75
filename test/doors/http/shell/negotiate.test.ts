import { expect, test } from 'vitest'
import { prefersHtml } from '../../../../src/doors/http/shell/negotiate.ts'

test.each([
  ['what browsers send', 'text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8'],
  ['text/html alone', 'text/html'],
  ['capitals', 'TEXT/HTML'],
  ['any text', 'text/*'],
  ['html before json by weight', 'application/json;q=0.4, text/html;q=0.5'],
])('%s gets a page', (_name, accept) => {
  expect(prefersHtml(accept)).toBe(true)
})

test.each([
  ['no header', undefined],
  ['anything at all', '*/*'],
  ['json', 'application/json'],
  ['a tie', 'text/html, application/json'],
  ['a tie with the wildcard', 'text/html, */*'],
  ['html refused', 'text/html;q=0, */*'],
  ['json before html by weight', 'text/html;q=0.5, application/json;q=0.9'],
  ['html at an impossible weight', 'text/html;q=7'],
  ['plain text', 'text/plain'],
  ['an endless header', `${'text/plain,'.repeat(5000)}text/html`],
])('%s gets JSON', (_name, accept) => {
  expect(prefersHtml(accept)).toBe(false)
})
