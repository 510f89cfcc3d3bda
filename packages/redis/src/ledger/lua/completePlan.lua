-- ARGV: name of the planning, tables, now, servers ('' when nobody asked them), then the shards of each table. A run
-- that is not planning is left alone.
if isFenced(ARGV[1]) then return { 'fenced' } end
if redis.call('HGET', RUN, 'state') ~= 'planning' then return { 'over' } end
local tables, now, servers = ARGV[2], ARGV[3], ARGV[4]
local length, sum = redis.call('LLEN', PLAN), 0
for place = 5, #ARGV do
  local written = redis.call('HGET', TOTALS, (place - 5) .. ':shards') or '0'
  if written ~= ARGV[place] then return { 'miscounted', integer(place - 5), written } end
  sum = sum + tonumber(written)
end
if sum ~= length then return { 'miscounted', integer(#ARGV - 4), integer(length - sum) } end
if length > 0 and linesOf(redis.call('LINDEX', PLAN, -1))[3] ~= '' then return { 'untiled', integer(length - 1) } end
redis.call('HSET', RUN, 'state', 'running', 'tables', tables, 'shards', length, 'plannedAt', now, 'servers', servers)
return { 'running' }
