-- ARGV: run id, and 'unreadable' where its record cannot be read. The memory is given back beside Redis's only thread:
-- a run may have a million shards. What is left of a run whose record is gone goes, too.
local runId, isUnreadable = ARGV[1], ARGV[2] == 'unreadable'
local isThere = redis.call('EXISTS', RUN) == 1
if isThere and not isUnreadable and redis.call('HGET', RUN, 'state') ~= 'settled' then return { 'open' } end
redis.call('UNLINK', RUN, PLAN, TABLES, SHARDS, TOTALS, OPEN, FAILURES, KNOWN, KNOWN_ORDER, GROUPS)
redis.call('ZREM', RUNS, runId)
redis.call('SREM', RUNS_OPEN, runId)
return { isThere and 'deleted' or 'unknown' }
