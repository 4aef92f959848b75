// Handles opened again, as only the service itself can: the letter behind each, its link, and a report that it failed.
import { writeReport } from '../../src/core/bounce/write-report.ts'
import { openHandle } from '../../src/core/handles.ts'
import { openKeyRing } from '../../src/core/keys.ts'
import { makeLinkToken, makeReturnToken } from '../../src/core/tokens.ts'
import { secretKey } from './service-process.ts'

const ring = openKeyRing(secretKey)

function letterIn(handle: string): string {
  const opened = openHandle(ring, handle, new Date())
  if (opened?.kind !== 'letter') throw new Error('a signup of the benchmark has no letter of its own')
  return opened.letterId
}

export function confirmPath(handle: string): string {
  return `/confirm/${makeLinkToken(ring.current, 'confirm', letterIn(handle))}`
}

export function reportAbout(handle: string, recipient: string): string {
  const letter = letterIn(handle)
  return writeReport({
    reportingMta: 'mx.example.net',
    from: 'MAILER-DAEMON@mx.example.net',
    to: `bounces+${makeReturnToken(ring.current, letter)}@example.com`,
    recipient,
    status: '5.1.1',
    diagnostic: `550 5.1.1 <${recipient}>: no such user`,
    originalHeaders: [['Subject', 'Please confirm']],
    at: new Date(),
    messageId: `${letter}@mx.example.net`,
  })
}
