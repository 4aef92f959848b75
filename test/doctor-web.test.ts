// What doctor says of PUBLIC_URL.
import { expect, test } from 'vitest'
import { checkWeb } from '../src/cli/doctor/check-web.ts'
import { readConfig } from '../src/config.ts'
import { resolverOf, serve } from './support/dns-for-tests.ts'
import { fromZone } from './support/dns-server.ts'

const relay = { SMTP_URL: 'smtp://127.0.0.1', MAIL_FROM: 'a@example.com' }

test.each<[Record<string, string>, Record<string, string>]>([
  [{ PUBLIC_URL: 'https://a.example' }, { 'public-url': 'ok', 'public-host': 'ok' }],
  [{ PUBLIC_URL: 'http://a.example/lists' }, { 'public-url': 'warning', 'public-host': 'ok' }],
  [{ PUBLIC_URL: 'https://gone.example' }, { 'public-url': 'ok', 'public-host': 'wrong' }],
  [{ PUBLIC_URL: 'https://troubled.example' }, { 'public-url': 'ok', 'public-host': 'cannot-tell' }],
  [{ PUBLIC_URL: 'https://[2001:db8::1]:8443' }, { 'public-url': 'ok' }],
  [{ PUBLIC_URL: 'http://[::1]:3000' }, { 'public-url': 'ok' }],
  [{}, { 'public-url': 'ok' }],
  [{ PORT: '0' }, { 'public-url': 'warning' }],
])('%j: %j', async (settings, expected) => {
  const resolver = resolverOf([
    await serve(fromZone({ 'a.example': { AAAA: ['2001:db8::1'] }, 'troubled.example': 'servfail' })),
  ])
  const reading = readConfig({ ...relay, ...settings }, () => '')
  if (reading.kind === 'mistakes') throw new Error(reading.mistakes.join())
  const findings = await checkWeb(reading.config, resolver)
  expect(Object.fromEntries(findings.map(({ check, result }) => [check, result]))).toEqual(expected)
})
