// Who went on after being told that it was too much.
import { expect, test } from 'vitest'
import { openInsistentClients } from '../../src/flows/insistent-clients.ts'

const minute = 60_000
const client = { address: '192.0.2.1', key: '4:192.0.2.1', wideKey: null }
const six = (n: number) => ({
  address: `2001:db8::${n}:1`,
  key: `6:2001:db8:0:${n}::/64`,
  wideKey: '6:2001:db8:0::/48',
})

function openWatched() {
  let time = 1_700_000_000_000
  const clients = openInsistentClients(() => new Date(time))
  return {
    clients,
    refuse(who: typeof client | ReturnType<typeof six>, times: number) {
      for (let n = 0; n < times; n++) clients.refused(who, new Date(time + 10 * minute))
    },
    pass(ms: number) {
      time += ms
    },
  }
}

test('twenty refusals within ten minutes count for an hour', () => {
  const { clients, refuse, pass } = openWatched()
  refuse(client, 19)
  expect(clients.has(client)).toBe(false)
  refuse(client, 1)
  expect(clients.has(client)).toBe(true)
  expect(clients.has({ ...client, address: '192.0.2.2', key: '4:192.0.2.2' })).toBe(false)
  pass(60 * minute - 1)
  expect(clients.has(client)).toBe(true)
  pass(1)
  expect(clients.has(client)).toBe(false)
})

test('refusals further apart do not add up', () => {
  const { clients, refuse, pass } = openWatched()
  for (let n = 0; n < 6; n++) {
    refuse(client, 19)
    pass(10 * minute)
  }
  expect(clients.has(client)).toBe(false)
})

test('the limit is known to hold until it said so', () => {
  const { clients, refuse, pass } = openWatched()
  expect(clients.limitedUntil(client)).toBeNull()
  refuse(client, 1)
  expect(clients.limitedUntil(client)).not.toBeNull()
  pass(10 * minute)
  expect(clients.limitedUntil(client)).toBeNull()
})

test('a /48 is one client after five times as many', () => {
  const { clients, refuse } = openWatched()
  for (let n = 1; n <= 9; n++) refuse(six(n), 11)
  expect(clients.has(six(1))).toBe(false)
  refuse(six(10), 1)
  expect(clients.has(six(77))).toBe(true)
  expect(clients.limitedUntil(six(77))).toBeNull()
})

test.each(['127.0.0.1', '::1', '10.1.2.3', '172.17.0.1', '192.168.1.5', 'fd00::1', null])(
  'an address that many may share behind a proxy is nobody: %s',
  (address) => {
    const { clients, refuse } = openWatched()
    const one = { address: address ?? '', key: `4:${address}`, wideKey: null }
    refuse({ ...one, address: address ?? 'unknown' }, 50)
    expect(clients.has({ ...one, address })).toBe(false)
  },
)

test('so many are remembered, and no more', () => {
  const { clients, refuse } = openWatched()
  refuse(client, 20)
  for (let n = 0; n < 20_000; n++) {
    const [a, b] = [Math.floor(n / 250), n % 250]
    refuse({ address: `198.18.${a}.${b}`, key: `4:198.18.${a}.${b}`, wideKey: null }, 1)
  }
  expect(clients.has(client)).toBe(false)
})
