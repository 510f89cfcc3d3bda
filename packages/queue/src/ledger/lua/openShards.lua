-- ARGV: window, most to take in one call. Takes shards in the plan's order until `window` of them are open.
if runIsOver() then return {} end
local shards, cursor = unpack(redis.call('HMGET', RUN, 'shards', 'cursor'))
shards, cursor = tonumber(shards), tonumber(cursor)
local room = math.min(tonumber(ARGV[1]) - redis.call('SCARD', OPEN), tonumber(ARGV[2]))
local taken = {}
while #taken < room and cursor < shards do
  local lines = readShard(cursor)
  if not (lines and lines[STATE] == 'done') then
    redis.call('SADD', OPEN, cursor)
    taken[#taken + 1] = cursor
  end
  cursor = cursor + 1
end
redis.call('HSET', RUN, 'cursor', cursor)
return taken
