/** What a title of an engineer says, as an officer of Jinan drafts it. */
export const engineerTitle = {
  series: '05',
  track: '工程',
  title: '工程师',
  level: 'intermediate',
  major: '建筑施工',
  method: 'review',
  reviewCommittee: '济南市工程技术职务中级评审委员会',
  approvalDocumentNumber: '济人社职〔2021〕17号',
  obtainedOn: '2021-03-05',
  issuedOn: '2021-05-29',
} as const
