// A load generator for machines without wrk: keeps each connection busy with one request after the other.
import { connect } from 'node:net'
import type { LoadFigures, LoadTask } from './load-generator.ts'
import { answerTasks } from './worker.ts'

const domains = [
  'gmail.com',
  'yahoo.com',
  'hotmail.com',
  'gmx.de',
  'web.de',
  'aol.com',
  'mit.edu',
  'siemens.com',
]

function requests({ host, run }: { host: string; run: number }): () => string {
  const head = [
    'POST /signups HTTP/1.1',
    `Host: ${host}`,
    'Content-Type: application/json',
    'Accept: */*',
    'Accept-Language: en-US,en;q=0.9',
    'Origin: https://shop.example',
    'User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    'X-Forwarded-For: ',
  ].join('\r\n')
  let n = 0
  return () => {
    n++
    const client = run * 8_388_608 + n
    const body =
      `{"email":"visitor.${run}.n.${n}@${domains[n % domains.length]}","list":"default","source":"bench",` +
      '"consent":"Yes, send me the newsletter, once a month at most."}'
    const address = [20 + (client >>> 24), (client >>> 16) & 255, (client >>> 8) & 255, client & 255].join(
      '.',
    )
    return `${head}${address}\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  }
}

async function run(task: LoadTask): Promise<LoadFigures> {
  const url = new URL(task.url)
  const next = requests({ host: url.host, run: task.run })
  const latencies: number[] = []
  const counts = { refused: 0, broken: 0 }
  const start = performance.now()
  const end = start + task.seconds * 1000
  await Promise.all(
    Array.from({ length: task.connections }, () =>
      keepBusy(url, { next, end, latencies, counts }).catch(() => counts.broken++),
    ),
  )
  const seconds = (performance.now() - start) / 1000
  latencies.sort((a, b) => a - b)
  const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? 0
  const longest = latencies.at(-1) ?? 0
  return { answers: latencies.length, ...counts, seconds, p50: at(0.5), p99: at(0.99), longest }
}

type Work = {
  next: () => string
  end: number
  latencies: number[]
  counts: { refused: number; broken: number }
}

function keepBusy(url: URL, { next, end, latencies, counts }: Work): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true })
    let asked = 0
    let answer = ''
    const ask = () => {
      asked = performance.now()
      socket.write(next())
    }
    socket.setEncoding('latin1')
    socket.on('connect', ask)
    socket.on('error', reject)
    socket.on('close', () => resolve())
    socket.on('data', (text) => {
      answer += String(text)
      if (!isWhole(answer)) return
      const now = performance.now()
      latencies.push(now - asked)
      if (Number(answer.slice(9, 12)) >= 400) counts.refused++
      answer = ''
      if (now < end) ask()
      else socket.end()
    })
  })
}

function isWhole(answer: string): boolean {
  const headerEnd = answer.indexOf('\r\n\r\n')
  if (headerEnd === -1) return false
  const length = /\r\ncontent-length: *(\d+)/i.exec(answer.slice(0, headerEnd))?.[1]
  return answer.length >= headerEnd + 4 + Number(length ?? 0)
}

answerTasks(run)
