// The service as a process: settings checked together, one line when it listens, a clean end.
import { readFileSync } from 'node:fs'
import { readConfig, readEnvironment, secretsIn } from './config.ts'
import { openLog } from './log.ts'
import { type RunningService, startService } from './service.ts'
import { readEnvFile, say } from './terminal.ts'
import { whyItEnds } from './why-it-ends.ts'

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
  const starting = startService(config, opened)
  const end = async () => {
    // npm passes on a signal that the terminal has sent already: a second one changes nothing.
    if (isEnding) return
    isEnding = true
    opened.log.info('stopping')
    const running = await starting.catch(() => null)
    await running?.close()
    opened.log.info('stopped')
    opened.close()
    process.exit(0)
  }
  process.on('SIGTERM', () => void end())
  process.on('SIGINT', () => void end())

  const running = await starting
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

main().catch((error: unknown) => {
  const { words, exitCode } = whyItEnds(error)
  say(words)
  process.exit(exitCode)
})
