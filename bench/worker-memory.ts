import { readdirSync, readFileSync } from 'node:fs'

/** Resident memory of a process's children together, in bytes; undefined where the system does not tell (it is read from Linux's /proc). */
export function childrensMemory(pid: number): number | undefined {
  try {
    const children = readdirSync(`/proc/${pid}/task`).flatMap((task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean))
    return children.reduce((sum, child) => sum + residentMemory(child), 0)
  } catch {
    return undefined
  }
}

const residentMemory = (pid: string): number => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024
