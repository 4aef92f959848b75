import { connect, type Socket } from 'node:net'
import { nameOf, type RelayTarget } from './relay-target.ts'
import { describe, seconds } from './relay-words.ts'

/**
 * A TCP connection to the relay. Opened here and not by nodemailer, which asks the DNS before it reads the hosts
 * file and counts connecting and greeting as one time. Rejects with an error whose message is for the admin.
 */
export function openSocket(target: RelayTarget): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>()
  const { host, port } = target
  // The usual quarter of a second for each address of a host is too short for a relay on another continent.
  const socket = connect({
    host,
    port,
    autoSelectFamilyAttemptTimeout: Math.max(10, target.timeouts.connect / 4),
  })
  const timer = setTimeout(() => {
    fail(`no connection to ${nameOf(target)} within ${seconds(target.timeouts.connect)}`)
  }, target.timeouts.connect)
  const fail = (message: string) => {
    clearTimeout(timer)
    socket.destroy()
    reject(new Error(message))
  }
  socket.on('error', (error) => fail(`could not connect to ${nameOf(target)}: ${describe(error)}`))
  socket.once('connect', () => {
    clearTimeout(timer)
    socket.removeAllListeners('error')
    resolve(socket)
  })
  return promise
}
