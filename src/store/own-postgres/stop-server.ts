import { setTimeout as pause } from 'node:timers/promises'
import { occupantOf, readPidFile } from './pid-file.ts'
import type { Log } from './place.ts'
import { codeOf } from './refusal.ts'

const lookEvery = 10
const patience = 30_000

/** Fast shutdown, by whoever is last and whoever started it: sessions end, everything is written, exit. */
export async function stopServer(cluster: string, log: Log): Promise<void> {
  const file = await readPidFile(cluster)
  if (file === null || (await occupantOf(file.pid, cluster)) !== 'serving') return
  try {
    process.kill(file.pid, 'SIGINT')
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return
    throw error
  }
  for (const begun = Date.now(); Date.now() - begun < patience; await pause(lookEvery)) {
    if ((await occupantOf(file.pid, cluster)) !== 'serving') {
      log('own-postgres-stopped', {})
      return
    }
  }
  log('own-postgres-still-stopping', { pid: file.pid })
}
