// The service as a process: settings checked together, one line when it listens, a clean end.
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { readConfig, readEnvironment, secretsIn } from './config.ts'
import { openLog } from './log.ts'
import { type RunningService, startService } from './service.ts'
import { readEnvFile, say } from './terminal.ts'
import { whyItEnds } from './why-it-ends.ts'

/** After a signal: what is being started then is waited for so long, and never goes into operation. */
const startMayTakeMs = 5_000

async function main(): Promise<void> {
  const reading = readConfig(readEnvironment(process.env, readEnvFile()), (path) =>
    readFileSync(path, 'utf8'),
  )
  if (reading.kind === 'mistakes') {
    say(['Ayes cannot start with these settings:', ...reading.mistakes.map((mistake) => `  - ${mistake}`)])
    process.exit(78)
  }
  const { config, warnings } = reading
  say(warnings.map((warning) => `Note: ${warning}`))
  const opened = openLog(config.logLevel, { hold: true, secrets: secretsIn(config) })

  let isEnding = false
  const ending = new AbortController()
  const starting = startService(config, opened, {
    say: (words) => say([words]),
    signal: ending.signal,
  })
  const end = async () => {
    // npm passes on a signal that the terminal has sent already: a second one changes nothing.
    if (isEnding) return
    isEnding = true
    opened.log.info('stopping')
    ending.abort()
    // A migration, or a server that recovers, may take minutes: neither is harmed by being left.
    const running = await Promise.race([starting.catch(() => null), pause(startMayTakeMs, null)])
    await running?.close()
    opened.log.info('stopped')
    opened.close()
    process.exit(0)
  }
  process.on('SIGTERM', () => void end())
  process.on('SIGINT', () => void end())

  const running = await starting.catch((error: unknown) => {
    if (isEnding) return null
    throw error
  })
  if (running === null || isEnding) return
  const { url, publicUrl, bounces } = running
  opened.announce('listening', {
    ...(url === null ? { roles: config.roles } : { url, public_url: publicUrl }),
    ...(bounces === null ? {} : { bounces }),
  })
  if (url !== null) welcome(running, config.mail.smtpUrl === null)
}

function welcome(running: RunningService, hasDevMailbox: boolean): void {
  const { publicUrl: url, ...admin } = running
  const token =
    admin.adminTokenFile === null
      ? 'as you set it (ADMIN_TOKEN)'
      : process.stderr.isTTY
        ? admin.adminToken
        : `in the file ${admin.adminTokenFile}`
  say([
    '',
    `Ayes is listening on ${running.url}`,
    `  the form     ${url}/forms/default`,
    ...(hasDevMailbox ? [`  the mailbox  ${url}/dev/mailbox  (no letter leaves this machine)`] : []),
    `  the API      ${url}/docs`,
    `  admin token  ${token}`,
    '',
  ])
}

// Whoever read our words or lines may have gone: that must not end the service.
for (const output of [process.stdout, process.stderr]) output.on('error', () => {})

main().catch((error: unknown) => {
  const { words, exitCode } = whyItEnds(error)
  say(words)
  process.exit(exitCode)
})
