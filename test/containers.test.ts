// The container's files, as far as they can be proven without an engine: what they copy, run and set.

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { readConfig } from '../src/config.ts'
import { readRoot, readSourceFiles } from './support/source-files.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const dockerfile = readRoot('Dockerfile').replaceAll(/\\\n/g, '')

const secrets = {
  POSTGRES_PASSWORD: 'postgres-password-for-tests',
  ADMIN_TOKEN: 'admin-token-for-tests-only-0001',
  SECRET_KEY: 'secret-key-for-tests-only-which-is-long-enough',
}

// An operator's .env beside the compose file must not decide a test.
const folder = mkdtempSync(join(tmpdir(), 'ayes-compose-'))
const noSettings = join(folder, 'empty.env')
writeFileSync(noSettings, '')
afterAll(() => rmSync(folder, { recursive: true }))

type Compose = {
  read(env: Record<string, string>): { problem: string } | { problem: null; config: Composed }
}
type Composed = {
  services: Record<
    string,
    { environment: Record<string, string>; healthcheck?: unknown; volumes?: unknown[] }
  >
}

// The first prints JSON itself. The second is Debian's package: it prints YAML, and its Python can read that.
const clients: readonly { command: string[]; json: string[] }[] = [
  { command: ['docker', 'compose'], json: ['--format', 'json'] },
  { command: ['docker-compose'], json: [] },
]

function run(command: readonly string[], env: Record<string, string>, input = '') {
  const [program = '', ...args] = command
  return spawnSync(program, args, {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, ...env },
    input,
  })
}

/** Null where the machine has no client that understands compose files. */
function findCompose(): Compose | null {
  const client = clients.find(({ command }) => run([...command, 'version'], {}).status === 0)
  if (client === undefined) return null
  return {
    read(env) {
      const ours = ['--env-file', noSettings, '-f', 'docker-compose.yml', 'config', ...client.json]
      const shown = run([...client.command, ...ours], env)
      if (shown.status !== 0) return { problem: shown.stderr }
      const toJson = 'import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.stdin)))'
      const json = client.json.length > 0 ? shown : run(['/usr/bin/python3', '-c', toJson], {}, shown.stdout)
      return { problem: null, config: JSON.parse(json.stdout) }
    },
  }
}

const compose = findCompose()
const withCompose = test.skipIf(compose === null)
if (compose === null)
  console.warn('Skipped: no "docker compose" or "docker-compose" here to read docker-compose.yml.')

describe('docker-compose.yml', () => {
  withCompose('gives the service an environment that passes as it is', () => {
    const read = compose?.read(secrets)
    if (read?.problem !== null) throw new Error(read?.problem)
    const environment = read.config.services.ayes?.environment ?? {}
    const reading = readConfig(environment, () => '')
    if (reading.kind === 'mistakes') throw new Error(reading.mistakes.join('\n'))
    expect(reading.config).toMatchObject({
      databaseUrl: `postgres://ayes:${secrets.POSTGRES_PASSWORD}@postgres:5432/ayes`,
      http: { host: '0.0.0.0', port: 3000, publicUrl: 'http://localhost:3000' },
      mail: { smtpUrl: 'smtp://mailpit:1025', devMailbox: 'off' },
      secrets: { adminToken: secrets.ADMIN_TOKEN, secretKey: secrets.SECRET_KEY },
    })
  })

  withCompose('does not start without each of its secrets', () => {
    for (const name of Object.keys(secrets)) {
      const read = compose?.read({ ...secrets, [name]: '' })
      expect(read?.problem, name).toMatch(/such as openssl rand/)
    }
  })

  withCompose('waits for a database that is ready and keeps its data', () => {
    const read = compose?.read(secrets)
    if (read?.problem !== null) throw new Error(read?.problem)
    const { postgres } = read.config.services
    expect(postgres?.healthcheck).toBeDefined()
    expect(postgres?.volumes).toHaveLength(1)
  })

  test('names no secret of its own', () => {
    for (const name of Object.keys(secrets)) {
      const values = [...readRoot('docker-compose.yml').matchAll(new RegExp(`${name}: (.*)`, 'g'))]
      for (const [, value] of values) expect(value).toMatch(/^\$\{\w+:\?/)
    }
  })
})

const copied = [...dockerfile.matchAll(/^COPY (.*)$/gm)].flatMap(([, words = '']) =>
  words.split(' ').slice(0, -1),
)

describe('the Dockerfile', () => {
  test('brings the Node that the code asks for', () => {
    const needed = /^const needed = (\d+)$/m.exec(readRoot('require-node.mjs'))?.[1]
    expect(dockerfile).toMatch(new RegExp(`^FROM node:${needed}-slim$`, 'm'))
  })

  test('copies every folder that the code reads beside its own', () => {
    const read = readSourceFiles('src').flatMap(({ code }) =>
      [...code.matchAll(/new URL\('(?:\.\.\/)+([\w.-]+)/g)]
        .map(([, name = '']) => name)
        .filter((name) => existsSync(new URL(`../${name}`, import.meta.url))),
    )
    expect(read.length).toBeGreaterThan(0)
    expect(copied).toEqual(expect.arrayContaining(['src', ...read]))
  })

  test('starts the service as "npm start" does', () => {
    const { scripts } = JSON.parse(readRoot('package.json'))
    const command: string[] = JSON.parse(/^CMD (.*)$/m.exec(dockerfile)?.[1] ?? '[]')
    expect(`exec ${command.join(' ')}`).toBe(scripts.start)
  })

  test('runs as somebody who is not root', () => {
    expect(/^USER (\S+)$/m.exec(dockerfile)?.[1]).toBe('node')
  })

  test('is given what it copies and nothing else', () => {
    const lines = readRoot('.dockerignore').split('\n')
    const rules = lines.filter((line) => line !== '' && !line.startsWith('#'))
    expect(rules[0]).toBe('*')
    expect(rules.slice(1).toSorted()).toEqual(copied.map((name) => `!${name}`).toSorted())
  })

  test('calls the container healthy while /healthz answers, and at no other time', async () => {
    const command: string[] = JSON.parse(/^HEALTHCHECK .* CMD (.*)$/m.exec(dockerfile)?.[1] ?? '[]')
    expect(command[0]).toBe('node')
    let status = 200
    const asked: string[] = []
    const server = createServer((request, response) => {
      asked.push(request.url ?? '')
      response.writeHead(status).end()
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = String(typeof address === 'object' && address !== null ? address.port : 0)
    const check = async () => {
      const [code] = await once(spawn(process.execPath, command.slice(1), { env: { PORT: port } }), 'exit')
      return code
    }
    expect(await check()).toBe(0)
    status = 503
    expect(await check()).toBe(1)
    server.close()
    server.closeAllConnections()
    expect(await check()).toBe(1)
    expect(asked).toEqual(['/healthz', '/healthz'])
  })
})
