"""The statements of the turn's path. Each is one trip and either does all of its work or none of it.

They reach into tables of several apps, because one transaction has to hold a turn together (docs/adr/0002); nothing
else in conversations does.
"""

from companion.kernel.statements import Statement

# A running process renews every RENEW_S, a turn first after one to two of them; a process that died is taken over
# LEASE_S after its last renewal.
LEASE_S = 6
RENEW_S = 1.5

_SNAPSHOT = (
    "t.id, t.artist_id, t.fan_id, t.status, t.epoch, t.owner, t.status = 'running' and t.lease_until < now(), t.ending"
)
_LEASE = f"now() + interval '{LEASE_S} seconds'"
# The newest message that belongs into short-term memory (engine._keep_in_window adds just these).
_PREVIOUS = """(select m.id from conversations_message m where m.artist_id = %(artist)s and m.fan_id = %(fan)s
  and m.turn_id <> %(turn)s
  and (m.role = 'fan' and m.status = 'complete' or m.role = 'persona' and m.status <> 'failed')
  order by m.id desc limit 1)"""
_USED = """coalesce((select q.used from billing_quotacounter q where q.artist_id = %(artist)s and q.fan_id = %(fan)s
  and q.name = 'messages' and q.period_start = date_trunc('month', now() at time zone 'utc')::date), 0)"""

ADMIT = Statement(f"""
with fan as (
  select f.id, u.name, u.country, u.language, u.time_zone,
         f.sanction <> 'none' and (f.sanction_until is null or f.sanction_until > now()) as sanctioned
  from tenancy_fan f join tenancy_user u on u.id = f.user_id
  where f.artist_id = %(artist)s and f.id = %(fan)s
), known as (
  select {_SNAPSHOT}, t.body_hash from conversations_turn t
  where t.artist_id = %(artist)s and t.fan_id = %(fan)s and t.client_message_id = %(client_message_id)s
), running as (
  select {_SNAPSHOT} from conversations_turn t
  where t.artist_id = %(artist)s and t.fan_id = %(fan)s and t.status = 'running'
), placed as (
  insert into conversations_turn (id, artist_id, fan_id, client_message_id, body_hash, transport, status, owner,
                                  lease_until, epoch, created_at)
  select %(turn)s, %(artist)s, fan.id, %(client_message_id)s, %(body_hash)s, %(transport)s, 'running', %(owner)s,
         {_LEASE}, 1, %(now)s
  from fan where not %(limited)s and not fan.sanctioned and not exists (table known) and not exists (table running)
  on conflict do nothing returning id
), said as (
  insert into conversations_message (id, artist_id, fan_id, turn_id, role, text, status, source, emotion, degraded,
                                     created_at)
  select %(message)s, %(artist)s, %(fan)s, placed.id, 'fan', %(text)s, %(fan_status)s, 'text', '', false, %(now)s
  from placed
)
select (select row_to_json(fan) from fan), (select row_to_json(known) from known),
       (select row_to_json(running) from running), (select id from placed), {_PREVIOUS}, {_USED}
""")

SNAPSHOT = Statement(f"""
select {_SNAPSHOT} from conversations_turn t
where t.artist_id = %(artist)s and t.fan_id = %(fan)s and t.id = %(turn)s
""")
RUNNING = Statement(f"""
select {_SNAPSHOT} from conversations_turn t
where t.artist_id = %(artist)s and t.fan_id = %(fan)s and t.status = 'running'
""")

# As the system role: turns of every artist that nobody runs any more.
LAPSED = f"""
select {_SNAPSHOT} from conversations_turn t
where t.status = 'running' and t.lease_until < now() order by t.lease_until limit 50
"""

TAKE_OVER = Statement(f"""
with taken as (
  update conversations_turn set owner = %(owner)s, epoch = epoch + 1, lease_until = {_LEASE}
  where artist_id = %(artist)s and id = %(turn)s and status = 'running' and epoch = %(epoch)s and lease_until < now()
  returning *
)
select taken.epoch, taken.client_message_id, taken.transport, m.id, m.text, m.status, m.created_at,
       u.name, u.country, u.language, u.time_zone, {_PREVIOUS}, {_USED}
from taken
join conversations_message m on m.artist_id = taken.artist_id and m.turn_id = taken.id and m.role = 'fan'
join tenancy_fan f on f.artist_id = taken.artist_id and f.id = taken.fan_id
join tenancy_user u on u.id = f.user_id
""")

RENEW = Statement(f"""
update conversations_turn set lease_until = {_LEASE}
where artist_id = %(artist)s and id = %(turn)s and status = 'running' and epoch = %(epoch)s returning epoch
""")
HAND_OVER = Statement("""
update conversations_turn set lease_until = now() - interval '1 second'
where artist_id = %(artist)s and id = %(turn)s and status = 'running' and epoch = %(epoch)s returning epoch
""")

SETTLE = Statement("""
with ended as (
  update conversations_turn set status = %(outcome)s, ending = %(frame)s, ended_at = %(now)s
  where artist_id = %(artist)s and id = %(turn)s and status = 'running' and epoch = %(epoch)s returning id
), unanswered as (
  update conversations_message set status = 'failed'
  where artist_id = %(artist)s and turn_id in (table ended) and role = 'fan' and status = 'complete'
        and %(outcome)s = 'failed'
), reply as (
  insert into conversations_message (id, artist_id, fan_id, turn_id, role, text, status, source, emotion, degraded,
                                     created_at)
  select %(reply)s::uuid, %(artist)s, %(fan)s, ended.id, 'persona', %(reply_text)s, %(reply_status)s, 'text',
         %(emotion)s, %(degraded)s, %(reply_at)s
  from ended where %(reply)s::uuid is not null
), trace as (
  insert into conversations_turntrace (id, artist_id, fan_id, turn_id, persona_version_id, prompt, context, provider,
                                       model, usage, timings_ms, verdicts, created_at)
  select %(trace)s, %(artist)s, %(fan)s, ended.id, %(persona_version)s::uuid, %(prompt)s::jsonb, %(context)s::jsonb,
         %(provider)s, %(model)s, %(usage)s::jsonb, %(timings)s::jsonb, %(verdicts)s::jsonb, %(now)s
  from ended
), charge as (
  insert into billing_usagerecord (id, artist_id, fan_id, turn_id, provider, model, input_tokens, output_tokens,
                                   created_at)
  select %(usage_record)s, %(artist)s, %(fan)s, ended.id, %(provider)s, %(model)s, %(input_tokens)s, %(output_tokens)s,
         %(now)s
  from ended where %(charged)s
), quota as (
  insert into billing_quotacounter (id, artist_id, fan_id, name, period_start, used)
  select %(quota)s, %(artist)s, %(fan)s, 'messages', date_trunc('month', %(now)s at time zone 'utc')::date, 1
  from ended where %(charged)s
  on conflict (artist_id, fan_id, name, period_start) do update set used = billing_quotacounter.used + 1
), decided as (
  insert into moderation_decision (id, artist_id, fan_id, turn_id, side, action, rule_ids, categories, scores, provider,
                                   created_at)
  select d.id, %(artist)s, %(fan)s, ended.id, d.side, d.action, d.rule_ids, d.categories, d.scores, d.provider, %(now)s
  from ended, jsonb_to_recordset(%(decisions)s::jsonb) as d(id uuid, side text, action text, rule_ids jsonb,
       categories jsonb, scores jsonb, provider text)
), opened as (
  insert into moderation_case (id, artist_id, fan_id, turn_id, kind, status, note, created_at)
  select %(case)s, %(artist)s, %(fan)s, ended.id, %(case_kind)s::text, 'open', '', %(now)s
  from ended where %(case_kind)s::text is not null
), told as (
  insert into kernel_outboxevent (id, artist_id, topic, payload, created_at)
  select %(event)s, %(artist)s, 'turn.ended', %(event_payload)s::jsonb, %(now)s from ended
)
select count(*) from ended
""")

# Short-term memory's source: the newest remarks that _PREVIOUS counts, newest first.
REMARKS = Statement("""
select id, role, text, status = 'cancelled' from conversations_message
where artist_id = %(artist)s and fan_id = %(fan)s and id <= %(newest)s
  and (role = 'fan' and status = 'complete' or role = 'persona' and status <> 'failed')
order by id desc limit %(count)s
""")

SAID = Statement("""
select m.id, m.turn_id, m.role, m.text, m.created_at, m.status, nullif(m.emotion, ''), m.degraded, m.source,
       case when m.role = 'persona' then (t.context #>> '{drawn_on,0,said_at}')::timestamptz end
from conversations_message m
left join conversations_turntrace t on t.artist_id = m.artist_id and t.turn_id = m.turn_id
where m.artist_id = %(artist)s and m.fan_id = %(fan)s and m.turn_id = %(turn)s
""")
