/**
 * Shapes that modules share: what the server sends (contract.md) and the objects that the page is put together from.
 * In a module: `@import { Message } from "./types.js"` inside a JSDoc comment. Nothing of this file is served.
 */

import type { ChatSession } from "./chat_session.js";

// --- What the server sends

export type MessageStatus = "complete" | "cancelled" | "failed" | "blocked" | "held";

export interface Message {
  id: string;
  turn: string;
  role: "fan" | "persona";
  text: string;
  /** RFC 3339, UTC. */
  created_at: string;
  status: MessageStatus;
  source: "text" | "voice" | "call" | "campaign";
  emotion?: string | null;
  degraded?: boolean;
  /** The fan's own thumb. */
  feedback?: "up" | "down" | null;
  reported?: boolean;
  /** When the fan said what this reply speaks of. */
  remembered_from?: string | null;
}

export type MemoryKind = "fact" | "preference" | "relationship" | "event" | "promise";

/** The message in which the fan said it. */
export interface MemorySource {
  message: string;
  quote: string;
  said_at: string;
}

export interface Memory {
  id: string;
  kind: MemoryKind;
  text: string;
  created_at: string;
  /** The fan put it right herself. */
  corrected_at?: string | null;
  pinned: boolean;
  /** Oldest first. */
  sources: MemorySource[];
}

export interface MemoryPage {
  items: Memory[];
  next_cursor: string | null;
}

export interface MemorySettings {
  paused: boolean;
  special_categories: boolean;
}

/** A memory that stood in a reply's prompt; `drawn`: the reply speaks of it. */
export interface Recalled {
  id: string;
  text: string;
  source: MemorySource;
  drawn: boolean;
}

export interface Why {
  memories: Recalled[];
  passages: { title: string; quote: string; drawn: boolean }[];
  mood: Mood | null;
}

/** A list that comes whole. */
export interface Items<Item> {
  items: Item[];
}

export interface MessagePage {
  items: Message[];
  next_cursor: string | null;
}

export interface Mood {
  label: string;
  line: string;
}

export interface ScheduleItem {
  title: string;
  starts_at: string;
  ends_at: string;
}

export interface Artist {
  slug: string;
  name: string;
  tagline: string;
  pronoun: string;
  ai_persona: true;
  licensed_by: string;
  minimum_age: number;
  /** 0 to 359. */
  accent_hue: number;
  portrait_url?: string | null;
  mood?: Mood | null;
  schedule: ScheduleItem[];
  surfaces: { text: boolean; voice: boolean; calls: boolean };
  providers: Record<string, string>;
  joined: boolean;
}

export interface Disclosure {
  id: string;
  kind: string;
  title: string;
  text: string;
  must_acknowledge: boolean;
}

export interface Me {
  email: string;
  name: string;
  country: string;
  time_zone: string;
  language: string;
  [more: string]: unknown;
}

/** A login of this person, as `GET /me/sessions` tells it. */
export interface LoginSession {
  current: boolean;
  created_at: string;
  last_seen_at: string;
  /** Empty where the device did not say. */
  browser: string;
  system: string;
}

/** A problem document (application/problem+json), or a refusal of the same shape on the socket. */
export interface ProblemBody {
  type?: string;
  title?: string;
  status?: number;
  detail?: string;
  code?: string;
  errors?: FieldError[];
  retry_after_s?: number;
  /** Disclosures to acknowledge first. */
  required?: string[];
  help?: Notice;
  quota?: Quota;
  [more: string]: unknown;
}

export interface FieldError {
  field?: string;
  /** allauth's name of the field. */
  param?: string;
  code?: string;
  message: string;
}

export interface Action {
  label: string;
  href: string;
}

export interface Notice {
  kind: string;
  title?: string;
  text: string;
  actions?: Action[];
}

export interface Quota {
  name: string;
  used: number;
  limit: number | null;
  resets_at: string | null;
}

export interface Usage {
  input_tokens: number;
  output_tokens: number;
  quotas: Quota[];
}

// --- Frames of the socket

interface Numbered {
  turn: string;
  seq: number;
}

export type TurnEvent =
  | (Numbered & { type: "turn.started"; client_message_id: string; fan_message: Message })
  | (Numbered & { type: "turn.notice" } & Notice)
  | (Numbered & { type: "turn.token"; text: string })
  | (Numbered & { type: "turn.retracted"; text: string })
  | (Numbered & { type: "turn.emotion"; emotion: string })
  | TurnEnding;

export type TurnEnding = Numbered & {
  type: "turn.completed" | "turn.failed" | "turn.cancelled";
  message?: Message | null;
  usage?: Usage;
  error?: ProblemBody;
};

export interface ReadyFrame {
  type: "session.ready";
  artist: string;
  fan: string;
  heartbeat_s: number;
  open_turn?: Numbered | null;
}

export type ErrorFrame = { type: "error"; client_message_id?: string } & ProblemBody;

export type ServerFrame =
  | ReadyFrame
  | { type: "message.created"; message: Message }
  | { type: "pong"; n?: number }
  | ErrorFrame
  | TurnEvent;

export type ClientFrame =
  | { type: "message.send"; client_message_id: string; text: string }
  | { type: "turn.resume"; turn: string; after: number }
  | { type: "turn.cancel"; turn: string }
  | { type: "ping"; n?: number };

// --- What the page makes of it

/** A turn as folded from its events (turns.js). */
export interface Turn {
  id: string;
  seq: number;
  phase: "running" | "completed" | "failed" | "cancelled";
  clientMessageId: string | null;
  fanMessage: Message | null;
  text: string;
  retracted: boolean;
  emotion: string | null;
  notices: Notice[];
  reply: Message | null;
  error: ProblemBody | null;
  usage: Usage | null;
}

/** One turn in its place: stored messages, and the folded turn when its events passed here. */
export interface ConversationEntry {
  key: string;
  at: string;
  fan: Message | null;
  reply: Message | null;
  live: Turn | null;
}

/** A message on its way out (outbox.js). */
export interface OutboxEntry {
  id: string;
  text: string;
  at: string;
  status: "waiting" | "sending" | "refused";
  /** Written without a connection: it never interrupts a reply. */
  queued: boolean;
  problem: ProblemBody | null;
}

export interface ConnectionState {
  kind: "connecting" | "ready" | "lost" | "stopped";
  why?: string;
}

/** What the chat's store holds (chat_session.js, START). */
export interface ChatState {
  connection: ConnectionState;
  lostForLong: boolean;
  offline: boolean;
  history: { status: "loading" | "ready" | "failed"; cursor: string | null; earlier: boolean; stuck: boolean };
  slowTurn: string | null;
  required: Disclosure[] | null;
  help: Notice | null;
  quota: ProblemBody | null;
  unread: { from: number | null; count: number };
  spoken: { text: string; urgent: boolean } | null;
  /** Remembering is paused. */
  offTheRecord: boolean;
  /** A new object each time the conversation or the outbox has changed. */
  changed?: object;
  [more: string]: any;
}

export interface Store<State> {
  get(): State;
  set(fields: Partial<State>): void;
  /** Calls at once and after each change; the answer takes the watcher off. */
  watch(watcher: (state: State) => void): () => void;
}

/** Where a login token and the outbox are kept: localStorage, sessionStorage, or a test's own. */
export type KeyValues = Pick<Storage, "getItem" | "setItem" | "removeItem">;

export type Fetch = (url: string, options?: RequestInit) => Promise<Response>;

export interface SignUpBody {
  email: string;
  password: string;
  birth_date: string;
  name?: string;
  country?: string;
  time_zone?: string;
}

/** What createApi gives (api.js). */
export type Api = ReturnType<typeof import("./api.js").createApi>;

/** What createAuth gives (auth.js). */
export type Auth = ReturnType<typeof import("./auth.js").createAuth>;

export type ViewName = "chat" | "artist" | "settings" | "memories" | "login" | "signup" | "forgot";

/** What a view is given (router.js). The session and its store live in main.js and outlast the views. */
export interface ViewContext {
  slug: string;
  artist: Artist;
  me: Me | null;
  api: Api;
  auth: Auth;
  session: ChatSession;
  store: Store<ChatState>;
  /** Navigates, with an entry in the history; to a message of the chat when its id is given. */
  go(name: ViewName, message?: string): void;
  /** The message that the address asks for; mostly empty. */
  sought: string;
  logOut(): Promise<void>;
  /** The login is over: the door opens, with `why` said above it; empty: the session has ended. */
  leave(why: string): Promise<void>;
  /** What the log-in says above its form, such as that the session is over; mostly empty. */
  why: string;
  /** A login has begun, or an artist was joined: on to the room. Takes the disclosures that were ticked. */
  entered(ticked: string[]): Promise<void>;
}

/** What a view module's function answers. */
export interface View {
  title: string;
  /** Called before the next view takes its place. */
  dispose(): void;
}
