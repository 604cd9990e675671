import { expect, it } from 'vitest'

import type { Instant } from '#core/model/instant.ts'
import type { Alarm } from '#core/trust/name-authorities.ts'
import type { HeldTrust } from '#registry/held-trust.ts'
import type { LogAlarm } from '#registry/log/log-alarms.ts'
import { tellAlarms } from '../../src/jobs/tell-alarms.ts'

const alarm = (division: string, kid: string): Alarm => ({
  kind: 'key-disputed',
  division,
  claims: [{ by: 'circle', version: 1, iss: `https://${division}.comity.example`, division, kid }],
})

it('says each contradiction once when it appears, and once when it is gone', async () => {
  let alarms: readonly Alarm[] = []
  let logAlarms: readonly LogAlarm[] = []
  const lines: string[] = []
  const note = (level: string) => (fields: Readonly<Record<string, unknown>>) =>
    void lines.push(`${level} ${String(fields['alarm'])} ${String(fields['division'] ?? fields['origin'])}`)
  const look = tellAlarms(
    { desk: { current: async () => ({ trust: { alarms } }) as unknown as HeldTrust }, logAlarms: async () => logAlarms }, // it reads nothing else
    { info: note('info'), warn: note('warn') },
  )
  await look()
  alarms = [alarm('370100', 'a')]
  await look()
  await look()
  alarms = [alarm('370100', 'b'), alarm('370300', 'a')]
  await look()
  alarms = [alarm('370300', 'a')]
  await look()
  logAlarms = [{ kind: 'log-forked', origin: 'a.example/log', since: '2026-06-01T04:05:00Z' as Instant }] // well formed
  await look()
  await look()
  expect(lines).toEqual([
    'warn key-disputed 370100',
    'warn key-disputed 370100',
    'warn key-disputed 370300',
    'info key-disputed 370100',
    'info key-disputed 370100',
    'warn log-forked a.example/log',
  ])
})
