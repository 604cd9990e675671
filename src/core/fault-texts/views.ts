import { text, type FaultText } from './fault-text.ts'

/** Views for other ecosystems, and questions about a past instant. */
export const viewFaults = {
  'instant-in-future': text(
    '所问时刻尚未到来',
    'The instant asked about is in the future',
    '请询问现在或过去的时刻',
    'Ask about now, or about an instant in the past',
  ),
  'instant-before-genesis': text(
    '所问时刻早于本节点的建立',
    'The instant asked about is before this node began',
    '请询问 detail 所示时刻之后的时刻',
    'Ask about an instant after the one that detail says',
  ),
  'question-unknown': text(
    '所问的机关、联盟、行为或事项不在本节点所持数据中',
    'What is asked about is not known here: the entity, the authority, the action or the resource',
    '请核对 at 所指成员；联盟以 https://comity.example/alliances/ 加其标识表示，行为为 issue，事项为记录类型地址',
    'Check the member that `at` names; an alliance is https://comity.example/alliances/ and its id, the action is issue, the resource is a record type URL',
  ),
  'question-too-wide': text(
    '该机关仅获授权签发其中一部分，对全部既不能答是，也不能答否',
    'The entity may issue only a part of what is asked about, so neither yes nor no would be true of all of it',
    '请在 context 中补充 detail 所列各项',
    'Name in context what detail lists',
  ),
  'answer-unknown': text(
    '所持数据不足，无法判断',
    'It cannot be told from the data that are held here',
    '请稍后重试，或向该联盟核实；此答复不是“否”',
    'Try again later, or ask the alliance; this is not a no',
  ),
  'did-web-unfit': text(
    '该机关标识不能表示为 did:web',
    "The authority's identity cannot be a did:web",
    '请改用有域名的机关标识；did:web 不允许 IP 地址',
    'Use an identity with a domain name; did:web allows no IP address',
  ),
} as const satisfies Record<string, FaultText>
