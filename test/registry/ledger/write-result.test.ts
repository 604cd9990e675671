import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { judgeLedger } from '#registry/ledger/judge-ledger.ts'
import { resultFile } from '#registry/ledger/write-result.ts'
import { job, judgedRows, rowsOf, titleHeader, titleLine } from './read-rows.ts'

const folder = mkdtempSync(join(tmpdir(), 'comity-result-'))
afterAll(() => rmSync(folder, { recursive: true }))

const own = new URL('../../ledger/jinan-titles.csv', import.meta.url).pathname

async function writeResult(source: string | Buffer, file: string, all: boolean): Promise<string> {
  const path = join(folder, file)
  let writer: Awaited<ReturnType<typeof resultFile>> | undefined
  for await (const part of judgeLedger(job(typeof source === 'string' ? { path: source } : { bytes: source }))) {
    if (part.kind === 'header') writer = await resultFile(path, { headers: part.headers, all })
    else for (const row of part.rows) await writer!.write(row)
  }
  await writer!.close()
  return path
}

const verdicts = async (path: string) =>
  (await judgedRows({ path })).map(({ cells, outcome, findings }) => ({ cells, outcome, codes: findings.map(({ code }) => code) }))

describe.each(['result.csv', 'result.xlsx'])('the result file %s', (file) => {
  it('holds every column and every verdict, and comes to the same when it is fed back', async () => {
    const path = await writeResult(own, file, true)
    const before = await verdicts(own)
    const after = await verdicts(path)
    expect(after.map(({ outcome, codes }) => [outcome, codes])).toEqual(before.map(({ outcome, codes }) => [outcome, codes]))
    expect(after.map(({ cells }) => cells.map((cell) => cell.replace(/^'/, '')))).toEqual(before.map(({ cells }) => cells))
    const again = await writeResult(path, `again-${file}`, true)
    expect(await rowsOf(readFileSync(again))).toEqual(await rowsOf(readFileSync(path)))
  })

  it('leaves out what nobody needs to look at, unless asked', async () => {
    const wrong = titleLine.replace('370102199003070016', '370102199003070015').replace('张三', '=cmd')
    const [header, ...rows] = await rowsOf(
      readFileSync(await writeResult(Buffer.from(`${titleHeader},手机\n${titleLine},1\n\n${wrong},+86 138\n`), `some-${file}`, false)),
    )
    expect(header).toEqual([1, ...titleHeader.split(','), '手机', '结果', '原因', '处理办法'])
    const escape = file.endsWith('csv') ? "'" : ''
    expect(rows).toEqual([
      [
        2,
        `formula:${escape}=cmd`,
        '370102199003070015',
        ...titleLine.split(',').slice(2),
        `formula:${escape}+86 138`,
        '退回（原第 4 行）',
        '姓名：单元格是公式；证件号码：证件号码校验码错误',
        '姓名：请改为文字：复制后选择性粘贴为值，并核对内容；证件号码：请按证件核对号码',
      ],
    ])
  })
})

it('a workbook keeps every character that a cell can hold, and what only looks like an escape', async () => {
  const odd = 'a\u0001b_x0041_ <&>"'
  const path = await writeResult(Buffer.from(`${titleHeader},备注\n${titleLine.replace('张三', '')},"${odd.replace('"', '""')}"\n`), 'odd.xlsx', true)
  expect((await rowsOf(readFileSync(path)))[1]![10]).toBe(odd)
})

it('a CSV result opens as UTF-8 and runs nothing', async () => {
  const path = await writeResult(Buffer.from(`${titleHeader},备注\n${titleLine},"=HYPERLINK(""http://ledger.example"",""x"")"\n`), 'safe.csv', false)
  expect(readFileSync(path, 'utf8')).toBe(
    `\ufeff${titleHeader},备注,结果,原因,处理办法\r\n${titleLine},"'=HYPERLINK(""http://ledger.example"",""x"")",退回（原第 2 行）,备注：单元格是公式,备注：请改为文字：复制后选择性粘贴为值，并核对内容\r\n`,
  )
})
