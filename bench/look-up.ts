import { findRecordById, findRecordByNumber, findRecordsByHolder, listRecords } from '#storage/records.ts'
import { openConnection } from '#storage/sqlite-engine.ts'
import { databaseFile } from '../src/main.ts'
import { chanceOf } from '../scripts/ledger/chance.ts'
import { atLeast, atMost, micros, perSecond, whole, type Line } from './line.ts'
import { interleave, median, rateAgainst, type Contender } from './measure.ts'
import { holderOf, numberOf } from './filler-rows.ts'
import { registerOf } from './registers.ts'

const sizes = { small: 10_000, large: 1_000_000 } as const
const keys = 8_192

const columns =
  'id family level state year serial number holder_index status_list status_index digest content_digest origin issued_at recorded_at source_digest'.split(' ')
const select = `select ${columns.map((column) => `"${column}"`).join(', ')} from "record" where`

const kinds = ['id', 'number', 'holder'] as const
type Kind = (typeof kinds)[number]

type Contenders = Readonly<Record<Kind, { readonly ours: Contender; readonly raw: Contender }>>

/** Finding a record through storage's own functions and through the bare driver, by keys all over the register. */
async function contendersOf(size: number): Promise<{ readonly contenders: Contenders; readonly close: () => Promise<void> }> {
  const node = await registerOf(size)
  const { read } = node.office.store
  const chance = chanceOf(3, size)
  const chosen = Array.from({ length: keys }, () => chance.between(0, size - 1))
  const numbers = chosen.map(numberOf)
  const holders = chosen.map((index) => holderOf(node.office, index))
  const ids: Uint8Array[] = []
  for (const number of numbers) ids.push((await findRecordByNumber(read, { family: 1, number }))!.id)
  if ((await listRecords(read, { after: new Uint8Array(0), limit: 1 })).length !== 1) throw new Error('an empty register')

  const bare = openConnection(databaseFile(node.place.data))
  bare.pragma('query_only = on')
  const byId = bare.prepare<[Uint8Array]>(`${select} "id" = ?`)
  const byNumber = bare.prepare<[number, string]>(`${select} ("family" = ? and "number" = ?)`)
  const byHolder = bare.prepare<[Uint8Array]>(`${select} "holder_index" = ? order by "id" asc`)
  const found = (row: unknown): void => {
    if (row === undefined) throw new Error('a record was not found')
  }
  return {
    contenders: {
      id: {
        ours: async (times) => {
          for (let index = 0; index < times; index++) found(await findRecordById(read, { id: ids[index % keys]! }))
        },
        raw: (times) => {
          for (let index = 0; index < times; index++) found(byId.get(ids[index % keys]!))
        },
      },
      number: {
        ours: async (times) => {
          for (let index = 0; index < times; index++) found(await findRecordByNumber(read, { family: 1, number: numbers[index % keys]! }))
        },
        raw: (times) => {
          for (let index = 0; index < times; index++) found(byNumber.get(1, numbers[index % keys]!))
        },
      },
      holder: {
        ours: async (times) => {
          for (let index = 0; index < times; index++) found((await findRecordsByHolder(read, { holderIndex: holders[index % keys]! }))[1])
        },
        raw: (times) => {
          for (let index = 0; index < times; index++) found(byHolder.all(holders[index % keys]!)[1])
        },
      },
    },
    close: async () => {
      bare.close()
      await node.close()
    },
  }
}

/** Looking a record up in a register of a million, against the driver alone and against a register of ten thousand. */
export async function lookUp(): Promise<readonly Line[]> {
  const small = await contendersOf(sizes.small)
  const large = await contendersOf(sizes.large)
  const lines: Line[] = []
  for (const kind of kinds) {
    const cost = await interleave({ raw: large.contenders[kind].raw, ours: large.contenders[kind].ours, oursSmall: small.contenders[kind].ours })
    const line = { work: `look-up by ${kind}, ${whole(sizes.large)} rows`, ours: micros(median(cost.ours.cpu)), perCpuSecond: perSecond(median(cost.ours.cpu)) }
    lines.push(
      {
        ...line,
        limit: `prepared statement ${micros(median(cost.raw.cpu))}`,
        value: rateAgainst(cost.ours.cpu, cost.raw.cpu),
        bar: atLeast(0.8, 'of a prepared statement'),
      },
      {
        ...line,
        limit: `${whole(sizes.small)} rows ${micros(median(cost.oursSmall.cpu))}`,
        value: 1 / rateAgainst(cost.ours.cpu, cost.oursSmall.cpu),
        bar: atMost(2, `× its cost at ${whole(sizes.small)} rows`),
      },
    )
  }
  await small.close()
  await large.close()
  return lines
}
