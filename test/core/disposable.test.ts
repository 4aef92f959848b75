import { expect, test } from 'vitest'
import { isDisposable, isWithin } from '../../src/core/disposable.ts'
import { TARGET_DOMAINS } from '../../src/core/suggestion/target-list.ts'

test.each(['mailinator.com', 'yopmail.com', 'some.sub.mailinator.com'])('%s is disposable', (domain) => {
  expect(isDisposable(domain)).toBe(true)
})

test.each([
  'gmail.com',
  'duck.com',
  'example.com',
  'mailinator-news.example',
  'mailinator.com.example',
  'com',
  '',
])('%j is not', (domain) => {
  expect(isDisposable(domain)).toBe(false)
})

test('none of the large providers is, whatever the list says', () => {
  expect([...TARGET_DOMAINS].filter(isDisposable)).toEqual([])
})

test('a domain is within itself and those above it', () => {
  const names = new Set(['acme.com'])
  for (const domain of ['acme.com', 'mail.acme.com', 'a.b.acme.com'])
    expect(isWithin(domain, names)).toBe(true)
  for (const domain of ['acme.com.au', 'xacme.com', 'com', '']) expect(isWithin(domain, names)).toBe(false)
})
