import type { ContentKind, Found } from './content-kind.ts';
import { holdsOneOf, placesOf } from './content-kind.ts';

/** Words and spaces take turns and both are bounded, so that every attempt ends soon. */
const ORDERS: readonly RegExp[] = [
  /\b(?:ignore|disregard|forget|override|bypass)\s{1,8}(?:[\w']{1,20},?\s{1,4}){0,4}?(?:previous|prior|above|earlier|preceding|all|your|system)\s{1,8}(?:[\w']{1,20}\s{1,4}){0,3}?(?:instructions?|prompts?|rules|guidelines|messages|context|directives?)\b/gi,
  /\bsystem\s{1,4}prompts?\b/gi,
  /\b(?:new|updated|real|actual)\s{1,4}instructions?\s{0,2}:/gi,
  /\byou\s{1,4}(?:are|will\s{1,4}be)\s{1,4}now\s{1,4}(?:an?|the|in|my|dan)\b/gi,
  /\b(?:do\s{1,4}not|don't|never)\s{1,4}(?:tell|inform|mention|reveal|show)\s{1,4}(?:[\w']{1,20}\s{1,4}){0,3}?(?:the\s{1,4})?(?:user|human)\b/gi,
  /(?:これまで|いままで|今まで|以前|上記|前述|先程|先ほど|すべて|全て|元)の?(?:すべての|全ての)?(?:指示|命令|プロンプト|ルール|制約|設定)を?(?:すべて|全て)?(?:無視|忘れ|破棄|無効)/g,
  /システム ?プロンプト/g,
  /(?:新しい|本当の|真の)(?:指示|命令)(?:は|:|に従)/g,
  /(?:ユーザー?|利用者|人間)に(?:は|も)?(?:言わ|知らせ|伝え|教え|見せ)(?:ない|るな|ず)/g,
];

/** How chat models mark who speaks. */
const ROLE_TAGS: readonly RegExp[] = [
  /<\|[a-z_]{2,24}\|>/gi,
  /\[\/?INST\]|<<\/?SYS>>/g,
  /<\/?(?:system|assistant|instructions?|tool_call|function_calls?)>/gi,
  /^[ \t]{0,8}#{2,4} {0,2}(?:system|instructions?|assistant) {0,2}:/gim,
];

/** Letters that people do not see and models read: tags, zero-width ones, and those that turn the direction of text. */
const HIDDEN =
  /[\u{E0000}-\u{E007F}]|[\u{E0100}-\u{E01EF}]|[\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF\uFFF9-\uFFFB]|(?<=[A-Za-z])[\u200C\u200D](?=[A-Za-z])/gu;

/** One of these stands in every text that one of the patterns above matches, in lower case. */
const WORDS = [
  'ignore',
  'disregard',
  'forget',
  'override',
  'bypass',
  'system',
  'instruction',
  'now',
  'tell',
  'inform',
  'mention',
  'reveal',
  'show',
  '<|',
  '[inst]',
  '[/inst]',
  '<<sys',
  '<</sys',
  'assistant',
  'tool_call',
  'function_call',
  '無視',
  '忘れ',
  '破棄',
  '無効',
  'プロンプト',
  '新しい指示',
  '新しい命令',
  '本当の指示',
  '本当の命令',
  '真の指示',
  '真の命令',
  'ユーザ',
  '利用者',
  '人間',
];
const ANY_HIDDEN = new RegExp(HIDDEN.source, 'u');

const FIRST_LOOK = /[a-z<[#]{2}|[ぁ-ん]|プロンプト/i;

/** Text that reads like an order to a language model, in English and Japanese; tags of roles; hidden letters. */
export const injection: ContentKind = {
  id: 'injection',
  mark: '[redacted: text that reads like an order to a language model]',
  blank: 'Whole',
  mayHold: (text, lower) => holdsOneOf(lower, WORDS) || ANY_HIDDEN.test(text),
  find: (text): readonly Found[] => {
    const hidden = placesOf(text, HIDDEN);
    if (text.length < 6 || !FIRST_LOOK.test(text)) return hidden;
    return [...hidden, ...[...ORDERS, ...ROLE_TAGS].flatMap((mark) => placesOf(text, mark))];
  },
};
