import { monitorEventLoopDelay } from 'node:perf_hooks'

import { Counter, Gauge, Histogram, Registry } from 'prom-client'

import type { Gauges } from '#registry/gauges.ts'

/** What is counted. Labels are route ids, statuses and states: never anything that names a record, a client or a person. */
export interface Metrics {
  readonly answered: (route: string, status: number, milliseconds: number) => void
  readonly text: () => Promise<{ readonly contentType: string; readonly text: string }>
  readonly close: () => void
}

export function openMetrics(readGauges: () => Promise<Gauges>): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const requests = new Histogram({
    name: 'comity_http_request_seconds',
    help: 'Time from the request to its answer',
    labelNames: ['route'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
    registers,
  })
  const statuses = new Counter({ name: 'comity_http_requests_total', help: 'Answered requests', labelNames: ['route', 'status'], registers })
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  new Gauge({
    name: 'comity_event_loop_delay_seconds',
    help: 'Delay of the event loop since the last look',
    labelNames: ['quantile'],
    registers,
    collect() {
      for (const percent of [50, 99, 100]) this.set({ quantile: String(percent / 100) }, Math.max(0, delay.percentile(percent) / 1e9))
      delay.reset()
    },
  })
  new Gauge({
    name: 'comity_resident_memory_bytes',
    help: 'Resident memory of the process',
    registers,
    collect() {
      this.set(process.memoryUsage.rss())
    },
  })
  const imports = new Gauge({ name: 'comity_import_jobs', help: 'Imports by state', labelNames: ['state'], registers })
  const issued = new Gauge({ name: 'comity_records_issued_total', help: 'Records that ever were registered here', registers })
  const outbox = new Gauge({ name: 'comity_outbox_backlog', help: 'Signed objects that wait for the log, counted up to 1000', registers })
  const outboxAge = new Gauge({ name: 'comity_outbox_oldest_seconds', help: 'Age of the oldest of them', registers })

  const alarms = new Gauge({
    name: 'comity_alarms',
    help: 'What contradicts itself in the trust data that are held, and logs that went back on what they had shown, by kind: a person has to look into it',
    labelNames: ['kind'],
    registers,
  })

  // A label set is looked up once and not on every request.
  const timers = new Map<string, (seconds: number) => void>()
  const counters = new Map<string, () => void>()
  return {
    answered: (route, status, milliseconds) => {
      let observe = timers.get(route)
      if (observe === undefined) {
        const of = requests.labels({ route })
        observe = (seconds) => of.observe(seconds)
        timers.set(route, observe)
      }
      observe(milliseconds / 1000)
      const key = `${route} ${status}`
      let count = counters.get(key)
      if (count === undefined) {
        const of = statuses.labels({ route, status: String(status) })
        count = () => of.inc()
        counters.set(key, count)
      }
      count()
    },
    text: async () => {
      const gauges = await readGauges()
      for (const [state, count] of Object.entries(gauges.imports)) imports.set({ state }, count)
      for (const [kind, count] of Object.entries(gauges.alarms)) alarms.set({ kind }, count)
      issued.set(gauges.issued)
      outbox.set(gauges.outbox)
      outboxAge.set(gauges.outboxAge)
      return { contentType: registry.contentType, text: await registry.metrics() }
    },
    close: () => {
      delay.disable()
      registry.clear()
    },
  }
}
