import { countDueLetters } from '../store/out-tray.ts'
import type { Service } from './service.ts'

/** Puts into the metrics how many letters wait, and how long the oldest has. */
export async function watchDueLetters(deps: Pick<Service, 'db' | 'metrics' | 'now'>): Promise<void> {
  const { due, oldestCreatedAt } = await countDueLetters(deps.db)
  const oldest = oldestCreatedAt === null ? 0 : (deps.now().getTime() - oldestCreatedAt.getTime()) / 1000
  deps.metrics.lettersDue(due, oldest)
}
