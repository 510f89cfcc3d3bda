-- Drops what an unfinished planning wrote, and fences it. Answers the number of this one, or the state that forbids it.
local state = redis.call('HGET', RUN, 'state')
if not state then return { 'unknown' } end
if state ~= 'accepted' and state ~= 'planning' then return { 'refused', state } end
redis.call('UNLINK', PLAN, SHARDS, TOTALS, OPEN, FAILURES)
redis.call('HSET', RUN, 'state', 'planning', 'tables', '[]', 'shards', '0', 'cursor', '0', 'failures', '0')
return { 'planning', redis.call('HINCRBY', RUN, 'planning', 1) }
