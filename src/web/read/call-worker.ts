/** Why a worker gave no answer. */
export type WorkerFailure = 'reader-unavailable' | 'took-too-long'

export type WorkerAnswer<Answer> = { readonly kind: 'answer'; readonly answer: Answer } | { readonly kind: 'failed'; readonly why: WorkerFailure }

/**
 * Asks a worker one question. Every question has a channel of its own, so that nothing else that a library in the worker posts is taken for
 * the answer. After `milliseconds`, or if the worker's script cannot be had, it has failed and must be terminated: whatever it was given may
 * keep it busy for ever.
 */
export async function callWorker<Answer>(
  worker: Worker,
  question: unknown,
  { transfer = [], milliseconds }: { readonly transfer?: readonly Transferable[]; readonly milliseconds: number },
): Promise<WorkerAnswer<Answer>> {
  const { port1: ours, port2: theirs } = new MessageChannel()
  let timer: ReturnType<typeof setTimeout> | undefined
  let failed: (() => void) | undefined
  try {
    return await new Promise<WorkerAnswer<Answer>>((resolve) => {
      failed = () => resolve({ kind: 'failed', why: 'reader-unavailable' })
      worker.addEventListener('error', failed)
      timer = setTimeout(() => resolve({ kind: 'failed', why: 'took-too-long' }), milliseconds)
      ours.addEventListener('message', ({ data }: MessageEvent<Answer>) => resolve({ kind: 'answer', answer: data }))
      ours.start()
      worker.postMessage(question, [theirs, ...transfer])
    })
  } finally {
    clearTimeout(timer)
    if (failed !== undefined) worker.removeEventListener('error', failed)
    ours.close()
  }
}

/** The worker's side: `answer` is called with each question; what it throws is not an answer, and the caller's time runs out. */
export function answerCalls<Question, Answer>(answer: (question: Question) => Promise<Answer>): void {
  globalThis.addEventListener('message', ({ data, ports: [port] }: MessageEvent<Question>) => {
    if (port === undefined) return
    void answer(data).then((given) => port.postMessage(given))
  })
}
