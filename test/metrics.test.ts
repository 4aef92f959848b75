import { expect, test } from 'vitest'
import { openMetrics } from '../src/metrics.ts'

test('what happens is counted under its outcome', async () => {
  const metrics = openMetrics()
  metrics.signup('accepted')
  metrics.signup('accepted')
  metrics.signup('did-you-mean')
  metrics.signupGroup(3)
  metrics.signupHeld()
  metrics.proof('missing')
  metrics.suggestion('shown', 'typo')
  metrics.letter('accepted', null)
  metrics.letter('refused', 'mailbox-does-not-exist')
  metrics.letterLatency(0.2)
  metrics.bounce('message', 'complaint')
  metrics.confirmed()
  metrics.unsubscribed()
  metrics.declined()
  metrics.databaseError()
  const text = await metrics.text()
  for (const line of [
    'ayes_signups_total{outcome="accepted"} 2',
    'ayes_signups_total{outcome="did-you-mean"} 1',
    'ayes_signup_group_size_sum 3',
    'ayes_signups_held_total 1',
    'ayes_proofs_total{outcome="missing"} 1',
    'ayes_suggestions_total{event="shown",reason="typo"} 1',
    'ayes_letters_total{outcome="accepted",category="none"} 1',
    'ayes_letters_total{outcome="refused",category="mailbox-does-not-exist"} 1',
    'ayes_letter_latency_seconds_bucket{le="0.25"} 1',
    'ayes_bounces_total{door="message",category="complaint"} 1',
    'ayes_confirmations_total 1',
    'ayes_unsubscribes_total 1',
    'ayes_declines_total 1',
    'ayes_database_errors_total 1',
  ]) {
    expect(text.split('\n')).toContain(line)
  }
})

test('gauges show the last state', async () => {
  const metrics = openMetrics()
  metrics.lettersDue(7, 12.5)
  metrics.relayTrouble(true)
  const troubled = await metrics.text()
  expect(troubled).toContain('\nayes_letters_due 7\n')
  expect(troubled).toContain('\nayes_letters_due_oldest_seconds 12.5\n')
  expect(troubled).toContain('\nayes_relay_trouble 1\n')
  metrics.relayTrouble(false)
  expect(await metrics.text()).toContain('\nayes_relay_trouble 0\n')
  metrics.signupBurst(true)
  expect(await metrics.text()).toContain('\nayes_signup_burst 1\n')
  metrics.imapTrouble(true)
  expect(await metrics.text()).toContain('\nayes_imap_trouble 1\n')
})

test('answers are counted by route, method and class of status', async () => {
  const metrics = openMetrics()
  metrics.http({ route: '/confirm/{token}', method: 'POST', status: 303, seconds: 0.004 })
  const text = await metrics.text()
  expect(text).toContain('ayes_http_requests_total{route="/confirm/{token}",method="POST",status="3xx"} 1')
  expect(text).toContain(
    'ayes_http_request_seconds_bucket{le="0.005",route="/confirm/{token}",method="POST"} 1',
  )
})

test('visitors cannot make labels: methods are known ones and routes come to an end', async () => {
  const metrics = openMetrics()
  for (let n = 0; n < 1_000; n++) metrics.http({ route: `/${n}`, method: `M${n}`, status: 404, seconds: 0 })
  const text = await metrics.text()
  expect(text).not.toContain('method="M')
  expect(text.split('\n').filter((line) => line.startsWith('ayes_http_requests_total'))).toHaveLength(201)
  expect(text).toContain('ayes_http_requests_total{route="other",method="other",status="4xx"} 800')
})

test('two services in one process count for themselves', async () => {
  const [one, two] = [openMetrics(), openMetrics()]
  one.confirmed()
  expect(await one.text()).toContain('ayes_confirmations_total 1')
  expect(await two.text()).toContain('ayes_confirmations_total 0')
})

test('the process itself is measured, in the text format of Prometheus', async () => {
  const metrics = openMetrics()
  expect(await metrics.text()).toContain('process_resident_memory_bytes')
  expect(metrics.contentType).toMatch(/^text\/plain; version=0\.0\.4/)
})
