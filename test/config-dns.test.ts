import { expect, test } from 'vitest'
import { readConfig } from '../src/config.ts'

const read = (text: string) => readConfig({ DNS_SERVERS: text }, () => '')

test('DNS_SERVERS names addresses, with or without a port, in their order and once', () => {
  const config = { dns: { servers: ['127.0.0.1:5353', '[::1]:53', '192.0.2.1'] } }
  expect(read('127.0.0.1:5353, [::1]:53,192.0.2.1,127.0.0.1:5353')).toMatchObject({ config })
  expect(readConfig({}, () => '')).toMatchObject({ config: { dns: { servers: null } } })
})

test.each(['localhost', '127.0.0.1:99999', 'dns.example:53', '127.0.0.1;127.0.0.2', ','])(
  '%j is a mistake',
  (text) => {
    expect(read(text)).toEqual({
      kind: 'mistakes',
      mistakes: [expect.stringMatching(/^DNS_SERVERS is .*: write .*127\.0\.0\.1:5353/)],
    })
  },
)
