// A part of a benchmark that must not share a thread with what is measured: a process of its own, asked by messages.
import { fork } from 'node:child_process'
import { join } from 'node:path'

export type Worker = {
  readonly pid: number
  /** Hands it a task and waits for the answer. One at a time. */
  ask<Answer>(task: object): Promise<Answer>
  stop(): Promise<void>
}

/** `file` lies in this folder and calls `answerTasks`. */
export function startWorker(file: string, flags: readonly string[] = []): Worker {
  const child = fork(join(import.meta.dirname, file), {
    execArgv: [...process.execArgv, ...flags],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return {
    pid: child.pid ?? 0,
    ask: <Answer>(task: object) =>
      new Promise<Answer>((resolve, reject) => {
        const gone = () => reject(new Error(`${file} ended before it had answered`))
        child.once('exit', gone)
        child.once('message', (message: { answer: Answer } | { failure: string }) => {
          child.off('exit', gone)
          if ('answer' in message) resolve(message.answer)
          else reject(new Error(`${file}: ${message.failure}`))
        })
        child.send(task)
      }),
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** In the worker's own file. */
export function answerTasks<Task>(work: (task: Task) => Promise<object>): void {
  process.on('message', (task: Task) => {
    work(task).then(
      (answer) => process.send?.({ answer }),
      (error: unknown) =>
        process.send?.({ failure: error instanceof Error ? (error.stack ?? '') : 'unknown' }),
    )
  })
  // Whoever started it is gone: nothing of a benchmark outlives it.
  process.on('disconnect', () => process.exit(0))
}
