-- ARGV: run id. The memory is given back beside Redis's only thread: a run may have a million shards.
local state = redis.call('HGET', RUN, 'state')
if not state then return { 'unknown' } end
if state ~= 'settled' then return { 'open' } end
redis.call('UNLINK', RUN, PLAN, SHARDS, TOTALS, OPEN, FAILURES)
redis.call('ZREM', RUNS, ARGV[1])
return { 'deleted' }
