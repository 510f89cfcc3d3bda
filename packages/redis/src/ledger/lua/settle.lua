-- ARGV: run id, verdict, failure, now, name of this write, time to keep, tables that were changed ('' for none), shards
-- that the verdict knows to be done, which are all ('' for any number), and the name of a planning where only that
-- planning may settle the run. Settles once; the same write sent again gets the same answer.
local runId, verdict, failure, now, write, keepMs, changed, done, planning = unpack(ARGV)
local state, settledBy = unpack(redis.call('HMGET', RUN, 'state', 'settledBy'))
if not state then return { planning and 'fenced' or 'unknown' } end
if state == 'settled' then return { settledBy == write and 'settled' or 'before' } end
if planning and isFenced(planning) then return { 'fenced' } end
if planning and state ~= 'planning' then return { 'before' } end
if done ~= '' and (doneShards() ~= tonumber(done) or redis.call('LLEN', PLAN) ~= tonumber(done)
  or redis.call('HLEN', SHARDS) ~= tonumber(done)) then
  return { 'other' }
end
endPause(now)
redis.call('HSET', RUN, 'state', 'settled', 'verdict', verdict, 'failure', failure, 'settledAt', now, 'settledBy', write)
if changed ~= '' then redis.call('HSET', RUN, 'changed', changed) end
redis.call('SREM', RUNS_OPEN, runId)
redis.call('ZADD', RUNS, 'NX', redis.call('HGET', RUN, 'createdAt') or now, runId)
for _, key in ipairs({ RUN, PLAN, TABLES, SHARDS, TOTALS, OPEN, FAILURES, KNOWN, KNOWN_ORDER }) do redis.call('PEXPIRE', key, keepMs) end
return { 'settled' }
