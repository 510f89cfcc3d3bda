-- ARGV: name of the planning, plan, now, then the shards of each table. A run that is not planning is left alone.
if isFenced(ARGV[1]) then return { 'fenced' } end
if redis.call('HGET', RUN, 'state') ~= 'planning' then return { 'over' } end
local name, plan, now = ARGV[1], ARGV[2], ARGV[3]
local length, sum = redis.call('LLEN', PLAN), 0
for place = 4, #ARGV do
  local written = redis.call('HGET', TOTALS, (place - 4) .. ':shards') or '0'
  if written ~= ARGV[place] then return { 'miscounted', integer(place - 4), written } end
  sum = sum + tonumber(written)
end
if sum ~= length then return { 'miscounted', integer(#ARGV - 3), integer(length - sum) } end
if length > 0 and linesOf(redis.call('LINDEX', PLAN, -1))[3] ~= '' then return { 'untiled', integer(length - 1) } end
redis.call('HSET', TABLES, name, plan)
redis.call('HSET', RUN, 'state', 'running', 'planName', name, 'tableCount', integer(#ARGV - 3), 'shards', length, 'plannedAt', now)
return { 'running' }
