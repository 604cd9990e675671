/** Hears Ctrl-C and the system's request to end, so that work can be put down where it is whole. A second one ends at once. */
export function untilStopped(): { readonly asked: () => boolean; readonly stopped: Promise<void>; readonly forget: () => void } {
  let asked = false
  const { promise, resolve } = Promise.withResolvers<void>()
  const hear = (): void => {
    asked = true
    forget()
    resolve()
  }
  const forget = (): void => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, hear)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, hear)
  return { asked: () => asked, stopped: promise, forget }
}
