// What the readers of event streams (stream-readers.ts) are asked for.
import type { Worker } from './worker.ts'

export type Asked = { asked: number; answered: number; status: number }
export type ReaderTask =
  | { what: 'sign-up'; url: string; count: number }
  | { what: 'open'; url: string; names: readonly string[] }
  | { what: 'heard'; letter: string; atLeast: number }
  | {
      what: 'post'
      url: string
      paths: readonly string[]
      atOnce: number
      token?: string
      bodies?: readonly string[]
    }
  | { what: 'close' }

export function askReaders<Answer = object>(readers: Worker, task: ReaderTask): Promise<Answer> {
  return readers.ask<Answer>(task)
}
