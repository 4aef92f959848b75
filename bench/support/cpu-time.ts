// What a process has used of the processors so far, from /proc. Elsewhere than on Linux nothing is known.
import { readdirSync, readFileSync } from 'node:fs'

/** Linux counts in ticks, of which there are a hundred a second on every architecture that Node runs on. */
const ticksPerSecond = 100

/** Seconds of user and system time; null where there is no /proc. */
export function cpuSeconds(pid: number): number | null {
  const stat = read(pid)
  return stat === null ? null : (stat.own + stat.ofEnded) / ticksPerSecond
}

/** The same of a process with all its children, those that have ended included: a PostgreSQL server, say. */
export function cpuSecondsOfFamily(pid: number): number | null {
  const parent = read(pid)
  if (parent === null) return null
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => read(Number(name)))
    .filter((stat) => stat?.parent === pid)
  const ticks = children.reduce((sum, stat) => sum + (stat?.own ?? 0), parent.own + parent.ofEnded)
  return ticks / ticksPerSecond
}

function read(pid: number): { parent: number; own: number; ofEnded: number } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in parentheses may hold anything; state, ppid and the rest follow it (proc_pid_stat(5)).
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    const [parent = 0, utime = 0, stime = 0, cutime = 0, cstime = 0] = [1, 11, 12, 13, 14].map(
      (i) => fields[i],
    )
    return { parent, own: utime + stime, ofEnded: cutime + cstime }
  } catch {
    return null
  }
}

/** Seconds of all processors together that anybody has used since the machine started; null without /proc. */
export function cpuSecondsOfMachine(): number | null {
  try {
    const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = readFileSync(
      '/proc/stat',
      'utf8',
    )
      .split('\n', 1)
      .join('')
      .split(/\s+/)
      .slice(1)
      .map(Number)
    return (user + nice + system + irq + softirq + steal) / ticksPerSecond
  } catch {
    return null
  }
}
