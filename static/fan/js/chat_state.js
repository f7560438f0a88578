/** What the chat's store holds before anything has come. */

/** @import { ChatState } from "./types.js" */

/** @type {ChatState} */
export const START = {
  connection: { kind: "connecting" }, // kind, why; see ChatSocket
  lostForLong: false,
  offline: false,
  // status: loading, ready, failed; earlier: a page before the first is under way; stuck: it did not come
  history: { status: "loading", cursor: null, earlier: false, stuck: false },
  slowTurn: null,
  required: null, // disclosures to acknowledge before the next message
  help: null, // a crisis notice, until the fan answers it
  quota: null, // why a message was refused for want of quota, until the fan has read it
  unread: { from: null, count: 0 },
  offTheRecord: false,
  spoken: null, // {text, urgent}: what a screen reader is told next
};
