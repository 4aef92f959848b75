// Waves of refusals, put together: who is asked about domains, who holds letters, and what runs by the clock.
import type { Config } from './config.ts'
import { openResolver, systemServers } from './dns.ts'
import type { Job } from './doors/clock.ts'
import { openReceivingProviders } from './flows/receiving-providers.ts'
import { openSendGuard, type SendGuard } from './flows/send-guard.ts'
import type { Service } from './flows/service.ts'
import { continueUndoing } from './flows/undo-wave.ts'
import { openWaveWatch } from './flows/watch-waves.ts'
import type { Alone } from './store/alone.ts'

export type Waves = {
  readonly guard: SendGuard
  readonly jobs: readonly Job[]
  close(): Promise<void>
}

export function openWaves(config: Config, service: Service, alone: Alone): Waves {
  const { dns, reporting, roles } = config
  const resolver = dns.check
    ? openResolver({ servers: dns.servers ?? systemServers(), timeoutMs: 1_000 })
    : null
  const providers = openReceivingProviders(resolver, service.now)
  const pauses = reporting.guard === 'pause'
  const guard = openSendGuard({ ...service, pauses })
  const watch = openWaveWatch({ ...service, providers, alone, pauses })
  const jobs: Job[] = [{ name: 'waves-open', everyMs: 5_000, run: () => guard.refresh() }]
  if (roles.includes('send')) {
    jobs.push({ name: 'waves', everyMs: 10_000, run: () => watch.look() })
    jobs.push({ name: 'undo-waves', everyMs: 2_000, run: () => continueUndoing(service, alone) })
  }
  return { guard, jobs, close: async () => await resolver?.close() }
}
