// Listeners on a service that is there, with limits and certificates of their own.
import type { BounceListenerConfig } from '../../src/config.ts'
import type { ListenerLimits } from '../../src/doors/lmtp/limits.ts'
import { type BounceListener, openBounceListener } from '../../src/doors/lmtp.ts'
import { isDatabaseAway } from '../../src/store/open-database.ts'
import type { TestService } from './running-service.ts'

export function listenerOn(
  running: Pick<TestService, 'service'>,
  limits: Partial<ListenerLimits> = {},
  changes: Partial<BounceListenerConfig> = {},
): Promise<BounceListener> {
  return openBounceListener({
    place: { protocol: 'lmtp', host: '127.0.0.1', port: 0, certificate: null, ...changes },
    name: 'mx.example.com',
    service: running.service,
    isDatabaseAway,
    limits,
  })
}
