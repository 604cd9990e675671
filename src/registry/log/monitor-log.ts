import { families } from '#core/credential/families.ts'
import type { OddityCode } from '#core/log/oddity-texts.ts'
import { familyIds } from '#core/model/family-id.ts'
import { instantOf } from '#core/model/instant.ts'
import { readUuid } from '#core/model/uuid.ts'
import { listAudits } from '#storage/audits.ts'
import { listCounters } from '#storage/counters.ts'
import { findImportJob } from '#storage/import-jobs.ts'
import { findLogLeaf } from '#storage/log.ts'
import { listRecords, type RecordRow } from '#storage/records.ts'
import type { Office } from '../office.ts'

/** Something that a supervisor should look at. Nothing of it is proof of a wrong; each has an innocent explanation, which somebody must give. */
export interface Oddity {
  readonly [member: string]: string
  readonly code: OddityCode
  readonly at: string
  readonly detail: string
}

export interface MonitorLimits {
  /** Seconds that a record may be dated before the log took it up. */
  readonly lag: number
  /** Approvals by one person within one hour of the night from which they are odd. */
  readonly bulk: number
}

export const usualLimits: MonitorLimits = { lag: 24 * 3600, bulk: 30 }

const page = 500
const beijing = 8 * 3600
const hour = 3600

type Monitoring = Pick<Office, 'store'>

/** Looks through the own register, its log and the trail for what insiders do: numbers that are missing, dates before their time, bulk at night. */
export async function monitorLog(office: Monitoring, limits: MonitorLimits = usualLimits): Promise<readonly Oddity[]> {
  return [...(await lookAtRecords(office, limits)), ...(await lookAtNights(office, limits))]
}

async function lookAtRecords({ store: { read } }: Monitoring, { lag }: MonitorLimits): Promise<readonly Oddity[]> {
  const odd: Oddity[] = []
  const serials = new Map<string, number[]>()
  for (let after: Uint8Array = new Uint8Array(0); ;) {
    const rows = await listRecords(read, { after, limit: page })
    for (const row of rows) {
      const register = `${familyOf(row)} ${row.year}`
      const seen = serials.get(register)
      if (seen === undefined) serials.set(register, [row.serial])
      else seen.push(row.serial)
      const leaf = await findLogLeaf(read, { kind: 'record', digest: row.digest })
      const logged = leaf?.loggedAt ?? row.recordedAt
      if (logged - row.issuedAt > lag) odd.push({ code: 'back-dated', at: row.number, detail: `${instantOf(row.issuedAt)} < ${instantOf(logged)}` })
    }
    const last = rows.at(-1)
    if (last === undefined || rows.length < page) break
    after = last.id
  }
  // What was taken out at the end leaves no gap behind it, but for the number that would be next.
  for (const { class: name, year, next } of await listCounters(read, {}))
    if (familyIds.some((id) => id === name)) serials.set(`${name} ${year}`, [...(serials.get(`${name} ${year}`) ?? []), next])
  for (const [register, seen] of serials) {
    const sorted = seen.toSorted((one, other) => one - other)
    let expected = 1
    for (const serial of sorted) {
      if (serial > expected) odd.push({ code: 'serial-gap', at: register, detail: serial - 1 === expected ? `${expected}` : `${expected}–${serial - 1}` })
      expected = serial + 1
    }
  }
  return odd
}

const familyOf = ({ family }: RecordRow): string => familyIds.find((id) => families[id].code === family) ?? String(family)

/** From ten in the evening to six in the morning by the clocks of the bureaus. */
const isNight = (at: number): boolean => {
  const hourOfDay = Math.floor((at + beijing) / hour) % 24
  return hourOfDay >= 22 || hourOfDay < 6
}

/** How many records an import has issued, which whoever approved it has issued at one stroke. */
async function issuedBy(read: Monitoring['store']['read'], job: string): Promise<number> {
  const id = readUuid(job)
  return (id === undefined ? undefined : await findImportJob(read, { id }))?.counts['issued'] ?? 0
}

async function lookAtNights({ store: { read } }: Monitoring, { bulk }: MonitorLimits): Promise<readonly Oddity[]> {
  const counts = new Map<string, { readonly actor: string; readonly from: number; count: number }>()
  for (let after: Uint8Array = new Uint8Array(0); ;) {
    const rows = await listAudits(read, { after, limit: page })
    for (const { actor, action, at, subject } of rows) {
      if (!isNight(at)) continue
      const issued = action === 'issue' ? 1 : action === 'import' ? await issuedBy(read, subject) : 0
      if (issued === 0) continue
      const from = at - (at % hour)
      const key = `${from} ${actor}`
      const known = counts.get(key)
      if (known === undefined) counts.set(key, { actor, from, count: issued })
      else known.count += issued
    }
    const last = rows.at(-1)
    if (last === undefined || rows.length < page) break
    after = last.id
  }
  return [...counts.values()]
    .filter(({ count }) => count >= bulk)
    .map(({ actor, from, count }) => ({ code: 'night-bulk', at: actor, detail: `${instantOf(from)}: ${count}` }))
}
