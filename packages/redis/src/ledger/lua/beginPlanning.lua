-- ARGV: name of this planning. Drops what an unfinished one wrote, and fences it. Answers the state that forbids it, if
-- any.
local state = redis.call('HGET', RUN, 'state')
if state ~= 'accepted' and state ~= 'planning' then return { 'refused', state or 'unknown' } end
redis.call('HDEL', RUN, 'keyShards', 'unstable', 'comparedFrom', 'comparedTo')
redis.call('UNLINK', PLAN, TABLES, SHARDS, TOTALS, OPEN, FAILURES, KNOWN, KNOWN_ORDER, GROUPS)
redis.call('HSET', RUN, 'state', 'planning', 'tableCount', '0', 'shards', '0', 'cursor', '0', 'failures', '0')
redis.call('HSET', RUN, 'planning', ARGV[1])
return { 'planning' }
