import { readdirSync, readFileSync } from 'node:fs'

export interface ChildrensUsage {
  /** Bytes. */
  readonly rss: number
  /** Microseconds since they were started. */
  readonly cpu: number
}

// Linux counts CPU time in hundredths of a second there, whatever the kernel's own clock (proc(5), USER_HZ).
const tick = 10_000

/** What a process's children use together; undefined where the system does not tell (it is read from Linux's /proc) or there are none. */
export function childrensUsage(pid: number): ChildrensUsage | undefined {
  try {
    const children = readdirSync(`/proc/${pid}/task`).flatMap((task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean))
    if (children.length === 0) return undefined
    const uses = children.map(usageOf)
    return { rss: uses.reduce((sum, { rss }) => sum + rss, 0), cpu: uses.reduce((sum, { cpu }) => sum + cpu, 0) }
  } catch {
    return undefined
  }
}

function usageOf(pid: string): ChildrensUsage {
  const rss = Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // After the name, which stands in parentheses: state is the first, user and system time the 12th and 13th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return { rss, cpu: (Number(fields[11]) + Number(fields[12])) * tick }
}
