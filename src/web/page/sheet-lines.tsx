import { useTexts } from '../texts/use-texts.ts'

/** What stands above and below a result when it is printed, and only then. @param at when it was verified, where that stands nowhere else */
export function SheetHead({ at }: { readonly at?: string | undefined }) {
  const { texts } = useTexts()
  return (
    <p class="sheet-head">
      {texts.sheet.heading} · {texts.product}
      {at !== undefined && ` · ${texts.verdict.checkedAt} ${at}`}
    </p>
  )
}

export function SheetFoot() {
  const { texts } = useTexts()
  return (
    <p class="sheet-foot">
      {texts.sheet.limits}
      <br />
      {texts.sheet.printedFrom} {location.origin}/
    </p>
  )
}
