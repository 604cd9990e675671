import { expect, it } from 'vitest'

import { openLog, requestLog } from '#http/request-log.ts'

it('notes every deed and every refusal, and one in so many of what only looked', () => {
  const lines: { readonly route: string; readonly status: number }[] = []
  const note = requestLog(
    openLog((line) => lines.push(JSON.parse(line) as { readonly route: string; readonly status: number })), // our own lines
    3,
  )
  for (let index = 0; index < 7; index++) note({ route: 'verify', status: 200, milliseconds: 1, changes: false })
  note({ route: 'approve', status: 200, milliseconds: 1, changes: true })
  note({ route: 'verify', status: 400, milliseconds: 1, changes: false })
  note({ route: 'approve', status: 409, milliseconds: 1, changes: true })
  expect(lines.map(({ route, status }) => `${route} ${status}`)).toEqual(['verify 200', 'verify 200', 'approve 200', 'verify 400', 'approve 409'])
})
